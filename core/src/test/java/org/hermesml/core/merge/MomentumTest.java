package org.hermesml.core.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.SplittableRandom;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.RoundClosed;
import org.junit.jupiter.api.Test;

class MomentumTest {
    @Test
    void theVelocityIsAddedToTheNextMove() {
        SliceModel model = model(0);
        add(model, 8, 0.5);
        assertArrayEquals(new float[] {8}, model.weights());
        add(model, 8, 0.5);
        assertArrayEquals(new float[] {20}, model.weights());
        assertArrayEquals(new float[] {12}, model.velocity());
    }

    @Test
    void aMeanMovesWithMomentumToo() {
        SliceModel model = model(0);
        add(model, 4, 0.5);
        model.hold(new float[] {6}, 1, 0);
        model.hold(new float[] {10}, 1, 1);
        model.closeRound(RoundClosed.newBuilder().setMomentum(0.5).build(), 2);
        // The mean is 8, 4 ahead; half of the velocity of 4 comes to it.
        assertArrayEquals(new float[] {10}, model.weights());
        assertNull(model.round());
    }

    @Test
    void withoutMomentumNoVelocityIsKept() {
        SliceModel model = model(0);
        add(model, 8, 0);
        model.hold(new float[] {6}, 1, 0);
        model.closeRound(RoundClosed.getDefaultInstance(), 1);
        assertNull(model.velocity());
    }

    @Test
    void equalModelsMergeIntoThatModelBitForBit() {
        SplittableRandom random = new SplittableRandom(5);
        for (int trial = 0; trial < 200; trial++) {
            float[] same = {(float) random.nextDouble(-9, 9), (float) random.nextDouble() * 1e-6f};
            SliceModel model = new SliceModel(same.clone(), null, null, null, null);
            double total = 0;
            for (int update = random.nextInt(1, 40); update > 0; update--) {
                double weight = random.nextDouble(0.01, 3);
                model.hold(same, weight, total);
                total += weight;
            }
            double momentum = random.nextBoolean() ? 0 : random.nextDouble(0, 0.99);
            model.closeRound(RoundClosed.newBuilder().setMomentum(momentum).build(), total);
            assertArrayEquals(same, model.weights());
            model.admit(admitted(MergeKind.AVERAGE, random.nextDouble()), same, 0);
            assertArrayEquals(same, model.weights());
            model.admit(admitted(MergeKind.ADD, random.nextDouble()), new float[2], 0);
            assertArrayEquals(same, model.weights());
        }
    }

    @Test
    void aBufferOfOneWithoutDelayIsTheMeanOfFedAsync() {
        SplittableRandom random = new SplittableRandom(6);
        for (int trial = 0; trial < 200; trial++) {
            float global = (float) random.nextDouble(-2, 2);
            float worker = (float) random.nextDouble(-2, 2);
            double rate = random.nextDouble(0.1, 1);
            SliceModel buffered = model(global);
            buffered.hold(new float[] {worker - global}, 1, 0);
            buffered.closeRound(
                    RoundClosed.newBuilder()
                            .setKind(MergeKind.ADD)
                            .setCoefficient(rate)
                            .setDivisor(1)
                            .build(),
                    1);
            SliceModel mixed = model(global);
            mixed.admit(admitted(MergeKind.AVERAGE, rate), new float[] {worker}, 0);
            assertEquals(mixed.weights()[0], buffered.weights()[0], 1e-6);
        }
    }

    @Test
    void aBufferIsDividedByItsSizeAndNotByTheWeightsInIt() {
        SliceModel model = model(1);
        model.hold(new float[] {4}, 1, 0);
        model.hold(new float[] {8}, 0.5, 1);
        model.closeRound(
                RoundClosed.newBuilder()
                        .setKind(MergeKind.ADD)
                        .setCoefficient(0.5)
                        .setDivisor(2)
                        .build(),
                1.5);
        assertEquals(1 + 0.5 * (4 + 0.5 * 8) / 2, model.weights()[0], 1e-6);
    }

    private static SliceModel model(float weight) {
        return new SliceModel(new float[] {weight}, null, null, null, null);
    }

    private static Admitted admitted(MergeKind kind, double coefficient) {
        return Admitted.newBuilder().setKind(kind).setCoefficient(coefficient).build();
    }

    private static void add(SliceModel model, float delta, double momentum) {
        model.hold(new float[] {delta}, 1, 0);
        model.closeRound(
                RoundClosed.newBuilder()
                        .setKind(MergeKind.ADD)
                        .setCoefficient(1)
                        .setDivisor(1)
                        .setMomentum(momentum)
                        .build(),
                1);
    }
}
