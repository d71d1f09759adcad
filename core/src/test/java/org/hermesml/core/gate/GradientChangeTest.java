package org.hermesml.core.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hermesml.core.message.PushState;
import org.hermesml.core.method.PushRule.Observation;
import org.hermesml.core.method.PushRule.PushStep;
import org.hermesml.core.method.PushRule.Wish;
import org.junit.jupiter.api.Test;

class GradientChangeTest {
    private static final GradientChange RULE = new GradientChange(0.3, 0.5);

    @Test
    void theFirstStepAsksSinceItsGradientChangesFromNothing() {
        PushStep first = step(RULE.start(), 4);
        assertEquals(Wish.ASK, first.wish());
        assertEquals(4, first.next().getNorm());
    }

    @Test
    void noStepDividesByZero() {
        PushState state = RULE.start();
        for (int i = 0; i < 3; i++) {
            PushStep still = step(state, 0);
            assertEquals(Wish.FOLLOW, still.wish(), "nothing has changed");
            assertEquals(0, still.z());
            state = still.next();
        }
        assertEquals(Wish.ASK, step(state, 1e-300).wish());
    }

    @Test
    void aChangeOfTheSmoothedNormByTheFractionAsksInBothDirections() {
        PushState state = step(RULE.start(), 10).next();
        // Smoothed by half: 10 becomes 13 at 16, and 7 at 4.
        assertEquals(Wish.ASK, step(state, 16).wish());
        assertEquals(0.3, step(state, 16).z(), 1e-12);
        assertEquals(Wish.FOLLOW, step(state, 15.9).wish());
        assertEquals(Wish.ASK, step(state, 3.9).wish());
        assertEquals(Wish.FOLLOW, step(state, 4.1).wish());
    }

    @Test
    void aDeltaOfZeroAlwaysAsks() {
        GradientChange always = new GradientChange(0, 0.5);
        PushState state = always.start();
        for (double norm : new double[] {0, 3, 3, 3}) {
            PushStep step = always.observe(state, new Observation(Double.NaN, Double.NaN, norm));
            assertEquals(Wish.ASK, step.wish());
            state = step.next();
        }
    }

    @Test
    void aNormThatIsNoNumberIsNotKept() {
        PushState state = step(RULE.start(), 10).next();
        assertEquals(state, step(state, Double.NaN).next());
        assertEquals(Wish.FOLLOW, step(state, Double.POSITIVE_INFINITY).wish());
    }

    @Test
    void itNeverPushesUnaskedAndNeedsTheNormButNoLoss() {
        assertFalse(step(RULE.start(), 4).push());
        assertTrue(step(RULE.start(), 4).wish().waitsForRelease());
        assertTrue(RULE.usesUpdateNorm());
        assertFalse(RULE.usesHeldOutLoss());
    }

    @Test
    void aPullLeavesTheNorm() {
        PushState state = step(RULE.start(), 10).next();
        assertEquals(state, RULE.pulled(state, 0));
    }

    private static PushStep step(PushState state, double norm) {
        return RULE.observe(state, new Observation(Double.NaN, Double.NaN, norm));
    }
}
