package org.hermesml.cli.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartsTest {
    private static final long SECOND = 1_000_000_000L;

    private final Restarts restarts = new Restarts();

    @Test
    void aFirstEndIsMendedAtOnceAndMoreOfThemSlowerAndSlower() {
        restarts.started(0);
        assertEquals(Duration.ZERO, restarts.ended(SECOND));
        assertEquals(Duration.ofMillis(250), restarts.ended(2 * SECOND));
        assertEquals(Duration.ofMillis(500), restarts.ended(3 * SECOND));
        for (int i = 4; i < 14; i++) {
            restarts.ended(i * SECOND);
        }
        assertEquals(Duration.ofSeconds(30), restarts.ended(15 * SECOND));
    }

    @Test
    void whoWasOfUseComesBackAtOnce() {
        for (int i = 0; i < 5; i++) {
            restarts.started(i * SECOND);
            restarts.ended(i * SECOND + 1);
        }
        restarts.started(10 * SECOND);
        assertEquals(Duration.ZERO, restarts.ended(30 * SECOND));
        restarts.started(30 * SECOND);
        assertEquals(Duration.ofMillis(250), restarts.ended(31 * SECOND));
    }
}
