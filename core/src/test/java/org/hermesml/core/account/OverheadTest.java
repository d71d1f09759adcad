package org.hermesml.core.account;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class OverheadTest {
    private final Overhead overhead = new Overhead();

    @Test
    void whoPullsBeforeEachIterationSpendsItsOwnOnEach() {
        overhead.pulled(2);
        overhead.spent(0.5);
        overhead.spent(1);
        assertEquals(3.5, overhead.ofIteration());
        overhead.pulled(4);
        overhead.spent(0.5);
        overhead.spent(1);
        assertEquals(5.5, overhead.ofIteration());
    }

    @Test
    void whoPushesEachThirdTimeSpendsAThirdOfItOnEach() {
        overhead.pulled(2);
        overhead.spent(0.5);
        assertEquals(2.5, overhead.ofIteration());
        overhead.spent(0.5);
        assertEquals(0, overhead.ofIteration());
        overhead.spent(0.5);
        overhead.spent(1);
        assertEquals(0, overhead.ofIteration());
        overhead.pulled(2);
        overhead.spent(0.5);
        assertEquals((0.5 + 0.5 + 1 + 2 + 0.5) / 3, overhead.ofIteration(), 1e-12);
    }

    @Test
    void whoHasNotPulledYetHasNone() {
        overhead.spent(1);
        assertEquals(0, overhead.ofIteration());
    }
}
