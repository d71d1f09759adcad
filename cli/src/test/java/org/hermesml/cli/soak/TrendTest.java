package org.hermesml.cli.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TrendTest {
    private final Trend trend = new Trend();

    @Test
    void aSteadyLeakGrowsByWhatItAdds() {
        for (int i = 0; i <= 10; i++) {
            trend.note(60 * i, 100 + 5 * i);
        }
        assertEquals(50.0 / 125, trend.growth(), 1e-9);
        assertFalse(trend.isFlat());
        assertEquals(100, trend.first());
        assertEquals(150, trend.last());
    }

    @Test
    void aSawToothIsFlatWhereverItIsCut() {
        for (int cut = 0; cut < 5; cut++) {
            Trend saw = new Trend();
            for (int i = 0; i < 60; i++) {
                saw.note(20 * i, 100 + 10 * ((i + cut) % 5));
            }
            assertTrue(saw.isFlat(), "cut " + cut + ": " + saw.growth());
        }
    }

    /** As files that expire by size while senders get faster: higher peaks, the same lows. */
    @Test
    void peaksThatRiseAboveTheSameLowsAreNoGrowth() {
        for (int i = 0; i < 60; i++) {
            trend.note(20 * i, 100 + i * (i % 5));
        }
        assertTrue(trend.isFlat(), "" + trend.growth());
    }

    @Test
    void aLeakUnderASawToothIsFound() {
        for (int i = 0; i < 60; i++) {
            trend.note(20 * i, 100 + 0.5 * i + 40 * (i % 5));
        }
        assertFalse(trend.isFlat(), "" + trend.growth());
    }

    @Test
    void aPeakAtTheEndIsNoGrowth() {
        for (int i = 0; i < 20; i++) {
            trend.note(i, i == 19 ? 1000 : 100);
        }
        assertEquals(0, trend.growth());
        assertEquals(1000, trend.largest());
    }

    @Test
    void whatShrinksIsFlat() {
        trend.note(0, 100);
        trend.note(10, 50);
        assertTrue(trend.isFlat());
    }

    @Test
    void onePointSaysNothing() {
        assertTrue(trend.isEmpty());
        trend.note(0, 7);
        assertEquals(0, trend.growth());
    }
}
