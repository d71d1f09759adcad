package org.hermesml.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.testbed.Attack;
import org.hermesml.simulator.testbed.Device;
import org.hermesml.simulator.testbed.EvaluatorSite;
import org.hermesml.simulator.testbed.Link;
import org.hermesml.simulator.testbed.ServerSite;
import org.hermesml.simulator.testbed.StepCost;
import org.hermesml.simulator.testbed.TestBed;
import org.junit.jupiter.api.Test;

class WorkloadTest {
    private static final Link LINK = new Link(100, 100, 1);
    private static final TestBed BED =
            new TestBed(
                    "one",
                    "",
                    new ServerSite(100, 100, 20),
                    new EvaluatorSite(1, 1, LINK),
                    List.of(
                            new Device(
                                    "only",
                                    1,
                                    1,
                                    0,
                                    List.of(),
                                    1 << 20,
                                    LINK,
                                    List.of(),
                                    Attack.NONE)));

    @Test
    void asManySamplesAreTrainedOnAsTheSettingSays() {
        Workload few = prepare("mlp", "training_samples", "300");
        assertEquals(300, few.training().count());
        assertEquals(200, few.heldOut().count());
        assertEquals(
                300,
                few.spec(Settings.defaults(), 1).getData().getTrainingList().stream()
                        .mapToInt(block -> block.getCount())
                        .sum());
    }

    @Test
    void aRunIsChargedTheStepsOfItsModel() {
        assertEquals(BED, charged("mlp"));
        assertEquals(StepCost.of("cnn").on(BED), charged("cnn"));
    }

    private static TestBed charged(String model) {
        Workload workload = prepare(model, "seed", "1");
        return new Scenario(BED, workload, Settings.defaults(), 1, "").charged();
    }

    private static Workload prepare(String model, String key, String value) {
        return Workload.prepare(
                "digits", null, model, Settings.of(Map.of("held_out_samples", "200", key, value)));
    }
}
