package org.hermesml.core.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.hermesml.core.message.PushState;
import org.hermesml.core.method.Methods;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.method.PushRule.Observation;
import org.hermesml.core.method.PushRule.PushStep;
import org.hermesml.core.settings.Settings;
import org.junit.jupiter.api.Test;

final class GateTest {
    private static final Gate GATE = new Gate(-1.3, 0.1, 5, 10, true, true);

    @Test
    void aFullWindowDropsTheOldestLoss() {
        Gate gate = new Gate(-100, 0, 5, 3, true, true);
        PushState state = gate.start();
        for (double loss : new double[] {4, 3, 2, 1}) {
            state = gate.observe(state, PushRule.Observation.ofLoss(loss)).next();
        }
        assertEquals(List.of(3.0, 2.0, 1.0), state.getLossesList());
    }

    @Test
    void noZScoreLiesBelowTheRootOfTheOthers() {
        Random random = new Random(7);
        Gate gate = new Gate(-100, 0, 1_000, 10, true, true);
        for (int trial = 0; trial < 500; trial++) {
            PushState state = gate.start();
            for (int i = 0; i < 15; i++) {
                // Now and then a fall by many orders of magnitude, which comes nearest to the
                // bound.
                double loss = random.nextInt(5) == 0 ? 1e-9 : random.nextDouble();
                PushStep step = gate.observe(state, PushRule.Observation.ofLoss(loss));
                int n = step.next().getLossesCount();
                assertTrue(!(step.z() < -Math.sqrt(n - 1) - 1e-9), "z " + step.z() + " of " + n);
                state = step.next();
            }
        }
    }

    @Test
    void withTwoLossesTheZScoreIsOneUpOrDown() {
        PushState state = GATE.observe(GATE.start(), PushRule.Observation.ofLoss(0.5)).next();
        assertEquals(1, GATE.observe(state, PushRule.Observation.ofLoss(0.6)).z(), 1e-9);
        assertEquals(-1, GATE.observe(state, PushRule.Observation.ofLoss(0.4)).z(), 1e-9);
    }

    @Test
    void theThresholdOfThePaperCannotBeMetBeforeTheThirdLoss() {
        assertEquals(3, firstPushOfAFall(-1.3));
    }

    @Test
    void aStricterThresholdCannotBeMetBeforeTheFourthLoss() {
        assertEquals(4, firstPushOfAFall(-1.6));
    }

    /**
     * Each loss is so far below the one before that its z-score is nearly the least there can be.
     */
    private static int firstPushOfAFall(double alpha) {
        Gate gate = new Gate(alpha, 0, 5, 10, true, true);
        PushState state = gate.start();
        double loss = 1;
        for (int i = 1; ; i++) {
            PushStep step =
                    gate.observe(
                            state,
                            PushRule.Observation.ofLoss(i == 1 ? loss : loss - Math.pow(1000, i)));
            if (step.push()) {
                return i;
            }
            state = step.next();
        }
    }

    @Test
    void aPushEmptiesTheWindowAndSetsTheThresholdBack() {
        PushState waited =
                PushState.newBuilder()
                        .addAllLosses(List.of(0.50, 0.51, 0.49, 0.50))
                        .setThreshold(-0.9)
                        .setRoundsSincePush(9)
                        .build();
        PushStep step = GATE.observe(waited, PushRule.Observation.ofLoss(0.3));
        assertTrue(step.push());
        assertEquals(-0.9, step.threshold(), "the threshold in force at the decision");
        assertEquals(GATE.start(), step.next());
        assertEquals(
                -0.9,
                new Gate(-1.3, 0.1, 5, 10, false, true)
                        .observe(waited, PushRule.Observation.ofLoss(0.3))
                        .next()
                        .getThreshold(),
                "without reset it stays where it was");
    }

    @Test
    void theThresholdDecaysFromTheLambdaThRoundOnAndStopsAtZero() {
        PushState state = GATE.start();
        for (int i = 1; i <= 4; i++) {
            state = GATE.observe(state, PushRule.Observation.ofLoss(i)).next();
        }
        assertEquals(-1.3, state.getThreshold());
        state = GATE.observe(state, PushRule.Observation.ofLoss(5)).next();
        assertEquals(-1.17, state.getThreshold(), 1e-12);
        for (int i = 6; i <= 2_000; i++) {
            state = GATE.observe(state, PushRule.Observation.ofLoss(i)).next();
        }
        assertTrue(state.getThreshold() <= 0 && state.getThreshold() > -1e-9);
        assertEquals(
                "0.0",
                String.valueOf(
                        new Gate(-1, 1, 1, 10, true, true)
                                .observe(GATE.start(), PushRule.Observation.ofLoss(1))
                                .next()
                                .getThreshold()));
    }

    @Test
    void equalLossesNeverPushWhateverTheirRounding() {
        PushState state = GATE.start();
        for (int i = 0; i < 300; i++) {
            PushStep step = GATE.observe(state, PushRule.Observation.ofLoss(0.7));
            assertFalse(step.push());
            assertEquals(Double.NaN, step.z());
            state = step.next();
        }
    }

    @Test
    void aLossThatIsNoNumberNeitherPushesNorEntersTheWindow() {
        PushState state = GATE.observe(GATE.start(), PushRule.Observation.ofLoss(0.5)).next();
        for (double bad :
                new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            PushStep step = GATE.observe(state, PushRule.Observation.ofLoss(bad));
            assertFalse(step.push());
            assertEquals(List.of(0.5), step.next().getLossesList());
            state = step.next();
        }
        assertEquals(4, state.getRoundsSincePush());
    }

    @Test
    void aPullEmptiesTheWindowAndKeepsTheThreshold() {
        PushState state =
                PushState.newBuilder()
                        .addLosses(0.5)
                        .setThreshold(-1.1)
                        .setRoundsSincePush(6)
                        .build();
        PushState pulled = GATE.pulled(state, 0);
        assertEquals(0, pulled.getLossesCount());
        assertEquals(-1.1, pulled.getThreshold());
        assertEquals(6, pulled.getRoundsSincePush());
    }

    @Test
    void theOfficialMethodNeverSetsTheThresholdBackWhateverTheSettingSays() {
        PushState waited =
                PushState.newBuilder()
                        .addAllLosses(List.of(0.50, 0.51, 0.49, 0.50))
                        .setThreshold(-0.9)
                        .build();
        Map<String, String> settings =
                Map.of("method", "official", "threshold_reset", "true", "tail_average", "0");
        assertEquals(
                -0.9,
                Methods.of(Settings.of(settings))
                        .pushRule()
                        .observe(waited, PushRule.Observation.ofLoss(0.3))
                        .next()
                        .getThreshold());
        assertEquals(
                -1.3,
                Gate.of(Settings.of(Map.of("alpha", "-1.3")))
                        .observe(waited, PushRule.Observation.ofLoss(0.3))
                        .next()
                        .getThreshold());
    }

    @Test
    void alwaysPushPushesEachTimeAndHasNoZScore() {
        assertTrue(new AlwaysPush(true).usesHeldOutLoss());
        AlwaysPush rule = new AlwaysPush();
        PushState state = rule.start();
        for (double loss : new double[] {1, 2, Double.NaN}) {
            PushStep step = rule.observe(state, PushRule.Observation.ofLoss(loss));
            assertTrue(step.push());
            assertEquals(Double.NaN, step.z());
            assertEquals(Double.NaN, step.threshold());
            state = rule.pulled(step.next(), 0);
        }
        assertEquals(rule.start(), state);
    }

    @Test
    void aWindowThatGoesOnLetsTheFirstIterationOnANewModelPush() {
        Gate gate = new Gate(-0.6, 0.1, 5, 3, true, false);
        PushStep first = gate.observe(gate.start(), Observation.ofLoss(3));
        assertFalse(first.push(), "there is nothing to compare with");
        PushStep second = gate.observe(first.next(), Observation.ofLoss(2));
        assertTrue(second.push());
        PushStep worse = gate.observe(gate.pulled(second.next(), 0), Observation.ofLoss(2.6));
        assertFalse(worse.push());
        PushStep better = gate.observe(gate.pulled(second.next(), 0), Observation.ofLoss(1));
        assertTrue(better.push());
        assertEquals(List.of(3.0, 2.0, 1.0), better.next().getLossesList());
    }
}
