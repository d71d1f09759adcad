package org.hermesml.simulator.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class AxisTest {
    @Test
    void ticksAreRoundAndInside() {
        assertEquals(List.of(0.0, 20.0, 40.0, 60.0, 80.0), new Axis(0, 97, 0, 100, false).ticks());
    }

    @Test
    void aLogarithmicAxisTicksInOnesTwosAndFives() {
        assertEquals(List.of(2.0, 5.0, 10.0, 20.0), new Axis(1.5, 30, 0, 100, true).ticks());
    }

    @Test
    void valuesStandBetweenTheEnds() {
        assertEquals(50, new Axis(1, 100, 0, 100, true).at(10), 1e-9);
        assertEquals(75, new Axis(0, 4, 100, 0, false).at(1), 1e-9);
        assertEquals(100, new Axis(0, 4, 0, 100, false).at(9), 1e-9);
    }

    @Test
    void anAxisShowsNoZerosBehindThePoint() {
        assertEquals("5 s", Figures.round("5.00 s"));
        assertEquals("2.5 MB", Figures.round("2.50 MB"));
        assertEquals("100 s", Figures.round("100 s"));
        assertEquals("0", Figures.round("0"));
        assertEquals("2,500", Figures.round("2,500"));
    }
}
