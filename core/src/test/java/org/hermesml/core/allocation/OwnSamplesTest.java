package org.hermesml.core.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.MembershipChange;
import org.junit.jupiter.api.Test;

class OwnSamplesTest {
    private static final TrainingBlocks BLOCKS = TrainingBlocks.uniform(40, 100, 10);
    private static final long AMPLE = 1 << 20;

    private Fleet fleet = new Fleet(settings(Map.of()), BLOCKS);

    private static Settings settings(Map<String, String> more) {
        return Settings.of(more);
    }

    @Test
    void aWorkerWithSamplesOfItsOwnTakesNoBlocksFromTheOthers() {
        fleet.join("a", AMPLE);
        fleet.joinWithOwn("b", 500);
        fleet.join("c", AMPLE);
        fleet.check();
        assertTrue(fleet.allocation("b").getSamples() <= 500);
        for (int round = 0; round < 30; round++) {
            for (String worker : List.of("a", "b", "c")) {
                fleet.iterate(worker, worker.equals("b") ? 0.0001 : 0.01, 0);
                fleet.check();
            }
        }
        assertEquals(500, fleet.allocation("b").getSamples(), "fast: all that it has");
    }

    @Test
    void fewSamplesMakeASmallMiniBatch() {
        fleet.joinWithOwn("a", 3);
        fleet.check();
        assertEquals(3, fleet.allocation("a").getSamples());
        assertTrue(fleet.allocation("a").getMiniBatch() <= 3);
        fleet.iterate("a", 0.001, 0);
        fleet.check();
    }

    @Test
    void blocksOfAWorkerThatComesBackWithItsOwnGoToTheOthers() {
        for (String partition : List.of("iid", "labels")) {
            fleet = new Fleet(settings(Map.of("partition", partition)), BLOCKS);
            fleet.join("a", AMPLE);
            fleet.join("b", AMPLE);
            fleet.leave("b", MembershipChange.LEFT);
            fleet.joinWithOwn("b", 200);
            fleet.check();
            fleet.leave("a", MembershipChange.LEFT);
            fleet.check();
            fleet.join("a", AMPLE);
            fleet.check();
        }
    }

    @Test
    void aRunOfSuchWorkersAloneNeedsNoBlocks() {
        fleet.join("a", AMPLE);
        fleet.leave("a", MembershipChange.LEFT);
        fleet.joinWithOwn("a", 200);
        fleet.joinWithOwn("b", 300);
        fleet.check();
    }
}
