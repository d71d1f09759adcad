package org.hermesml.core.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.RoundClosed;
import org.junit.jupiter.api.Test;

class SliceModelTest {
    @Test
    void theReleasedImplementationsMergesAreReproduced() throws IOException {
        int cases = 0;
        for (JsonNode golden : goldenMerges()) {
            double c =
                    MergeWeight.ofWorker(
                            golden.get("globalLoss").asDouble(),
                            golden.get("workerLoss").asDouble());
            for (int i = 0; i < golden.get("merged").size(); i++) {
                double global = golden.get("global").get(i).asDouble();
                double worker = golden.get("worker").get(i).asDouble();
                double merged = golden.get("merged").get(i).asDouble();
                assertEquals(
                        merged, global + c * (worker - global), 1e-9, "weight of case " + cases);

                SliceModel model = new SliceModel(null, null, null, null, null);
                model.admit(verdict(MergeKind.REPLACE, 1), new float[] {(float) global}, 0);
                model.admit(verdict(MergeKind.AVERAGE, c), new float[] {(float) worker}, 0);
                assertEquals(merged, model.weights()[0], 1e-6, "merge of case " + cases);
            }
            cases++;
        }
        assertEquals(8, cases);
    }

    @Test
    void averagingEqualModelsIsTheIdentity() {
        float[] weights = {1.1f, -2.3f, 1e-20f};
        SliceModel model = new SliceModel(weights.clone(), null, null, null, null);
        model.admit(verdict(MergeKind.AVERAGE, 0.37), weights, 0);
        assertArrayEquals(weights, model.weights());

        model.hold(weights, 1, 0);
        model.hold(weights, 1, 1);
        model.hold(weights, 0.3, 2);
        model.closeRound(RoundClosed.getDefaultInstance(), 2.3);
        assertArrayEquals(weights, model.weights());
    }

    @Test
    void aDeltaIsAddedScaled() {
        SliceModel model = new SliceModel(new float[] {1, 2}, null, null, null, null);
        model.admit(verdict(MergeKind.ADD, 0.5), new float[] {2, -4}, 0);
        assertArrayEquals(new float[] {2, 0}, model.weights());
    }

    @Test
    void theOfficialSumIsAppliedToTheInitialModel() {
        SliceModel model = new SliceModel(new float[] {1, 2}, null, null, null, null);
        model.admit(verdict(MergeKind.LOSS_WEIGHTED_SUM, 1), new float[] {10, 20}, 0.1);
        assertArrayEquals(new float[] {0, 0}, model.weights());
        assertArrayEquals(new float[] {1, 2}, model.initial());
        assertTrue(model.initialChanged());

        model.admit(verdict(MergeKind.LOSS_WEIGHTED_SUM, 0.25), new float[] {30, 0}, 0.1);
        assertArrayEquals(new float[] {15, 15}, model.sum());
        assertArrayEquals(new float[] {-0.5f, 0.5f}, model.weights());
    }

    @Test
    void aRoundIsTheWeightedMeanOfItsUpdatesAndForgetsThem() {
        SliceModel model = new SliceModel(new float[] {9, 9}, null, null, null, null);
        model.hold(new float[] {1, 2}, 1, 0);
        model.hold(new float[] {3, 6}, 3, 1);
        model.closeRound(RoundClosed.getDefaultInstance(), 4);
        assertArrayEquals(new float[] {2.5f, 5}, model.weights());
        assertEquals(null, model.round());
    }

    @Test
    void aSliceOfAnotherLengthIsRefused() {
        SliceModel model = new SliceModel(new float[2], null, null, null, null);
        assertThrows(
                IllegalStateException.class,
                () -> model.admit(verdict(MergeKind.AVERAGE, 0.5), new float[3], 0));
    }

    private static JsonNode goldenMerges() throws IOException {
        try (InputStream in = SliceModelTest.class.getResourceAsStream("/hermes-decisions.json")) {
            return new ObjectMapper().readTree(in).get("merge");
        }
    }

    private static Admitted verdict(MergeKind kind, double coefficient) {
        return Admitted.newBuilder().setKind(kind).setCoefficient(coefficient).build();
    }
}
