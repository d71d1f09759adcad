package org.hermesml.cli.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RecoveriesTest {
    private final Recoveries recoveries = new Recoveries();

    @Test
    void medianAndWorstAreOfEachTargetAndOfAll() {
        recoveries.add(Target.WORKER, 1);
        recoveries.add(Target.WORKER, 4);
        recoveries.add(Target.BROKER, 9);
        assertEquals(2.5, recoveries.median(Target.WORKER));
        assertEquals(4, recoveries.worst(Target.WORKER));
        assertEquals(4, recoveries.median());
        assertEquals(9, recoveries.worst());
    }

    @Test
    void whereNothingWasKilledThereIsNoTime() {
        assertTrue(Double.isNaN(recoveries.median()));
        assertTrue(Double.isNaN(recoveries.worst(Target.EVALUATOR)));
    }
}
