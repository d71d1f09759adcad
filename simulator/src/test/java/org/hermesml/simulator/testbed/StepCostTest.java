package org.hermesml.simulator.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StepCostTest {
    private static final Link LINK = new Link(1, 2, 3);
    private static final TestBed BED =
            new TestBed(
                    "bed",
                    "",
                    new ServerSite(100, 100, 20),
                    new EvaluatorSite(2, 0.5, LINK),
                    List.of(
                            new Device(
                                    "slow",
                                    8,
                                    4,
                                    0.1,
                                    List.of(new SlowPhase(1, 2, 3)),
                                    1000,
                                    LINK,
                                    List.of(new Absence(5, 6)),
                                    Attack.DRIFT)));

    @Test
    void theUsualModelAndFilesCostWhatTheTestBedSays() {
        assertSame(BED, StepCost.of("mlp").on(BED));
        assertSame(BED, StepCost.of("models/cnn").on(BED));
    }

    @Test
    void bothPartsOfAStepGrowOnDevicesAndEvaluatorAndNothingElse() {
        TestBed charged = new StepCost(3, 10).on(BED);
        Device before = BED.devices().get(0);
        Device device = charged.devices().get(0);
        assertEquals(24, device.stepFixedMs());
        assertEquals(40, device.stepPerSampleMs());
        assertEquals(new EvaluatorSite(6, 5, LINK), charged.evaluator());
        assertEquals(
                new Device(
                        device.name(),
                        before.stepFixedMs(),
                        before.stepPerSampleMs(),
                        device.jitter(),
                        device.slowPhases(),
                        device.dataMemoryBytes(),
                        device.link(),
                        device.absences(),
                        device.hostile()),
                before);
        assertEquals(BED.server(), charged.server());
    }

    @Test
    void largerModelsCostMore() {
        StepCost cnn = StepCost.of("cnn");
        StepCost alexnet = StepCost.of("alexnet");
        assertTrue(cnn.perSampleFactor() > 1 && cnn.fixedFactor() > 1);
        assertTrue(alexnet.perSampleFactor() > cnn.perSampleFactor());
        assertTrue(alexnet.fixedFactor() > cnn.fixedFactor());
    }
}
