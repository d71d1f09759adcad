package org.hermesml.core.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.hermesml.core.message.PushState;
import org.hermesml.core.method.Methods;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.WorkerSnapshot;
import org.junit.jupiter.api.Test;

class BeginningTest {
    private static final PushRule GATE = Methods.of(Settings.of(Map.of())).pushRule();
    private static final PushState WINDOW =
            GATE.observe(GATE.start(), PushRule.Observation.ofLoss(0.5)).next();

    @Test
    void aFirstLifeStartsItsPushRuleAndPulls() {
        Beginning first = Beginning.of(GATE, Optional.empty(), Optional.empty());
        assertEquals(GATE.start(), first.push());
        assertTrue(first.pulls());
        assertFalse(first.restores());
        assertEquals(1, first.iterations(1));
    }

    @Test
    void whoSavedWhatTheServerHasGoesOnFromItAndCountsOn() {
        for (boolean pulls : new boolean[] {false, true}) {
            Beginning next = Beginning.of(GATE, Optional.of(WINDOW), Optional.of(saved(pulls)));
            assertTrue(next.restores());
            assertEquals(pulls, next.pulls());
            assertEquals(WINDOW, next.push());
            assertEquals(5, next.iterations(1));
        }
    }

    @Test
    void whoSavedAnythingElseBeginsAsTheServerSaysAndStillCountsOn() {
        Beginning other = Beginning.of(GATE, Optional.of(GATE.start()), Optional.of(saved(false)));
        assertEquals(GATE.start(), other.push());
        assertFalse(other.restores());
        assertTrue(other.pulls());
        assertEquals(5, other.iterations(1));

        Beginning unknown = Beginning.of(GATE, Optional.empty(), Optional.of(saved(false)));
        assertEquals(GATE.start(), unknown.push());
        assertFalse(unknown.restores());
        assertTrue(unknown.pulls());
    }

    /** By a first life, after four iterations. */
    private static WorkerSnapshot saved(boolean pulls) {
        return Beginning.of(GATE, Optional.empty(), Optional.empty())
                .snapshot(17, 4, pulls, 2, WINDOW);
    }
}
