package org.hermesml.simulator.world;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.function.Supplier;
import org.hermesml.core.account.BegunIteration;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.method.Methods;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.learning.Learning.Trained;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.TrainingException;
import org.junit.jupiter.api.Test;

class IterationTest {
    private static final PushRule GATE = Methods.of(Settings.of(Map.of())).pushRule();

    private static Iteration iteration(Supplier<Trained> under) {
        return new Iteration(
                new BegunIteration(7, 0, Allocation.getDefaultInstance(), 1, 1), 1, under);
    }

    @Test
    void aModelThatCannotBeMeasuredHasDivergedThoughItsTrainingLossWasANumber() {
        Iteration iteration =
                iteration(() -> new Trained(new float[1], 0.5, new Evaluation(Double.NaN, 0, 100)));
        iteration.trained();
        TrainingException e =
                assertThrows(
                        TrainingException.class, () -> iteration.decide(GATE, GATE.start(), 0));
        assertTrue(e.isDivergence());
        assertTrue(e.getMessage().contains("after iteration 7"), e.getMessage());
    }

    @Test
    void aLossThatBecomesNaNIsSaidWithItsIteration() {
        Iteration iteration =
                iteration(
                        () -> {
                            throw TrainingException.of(Double.NaN, 3, 0);
                        });
        TrainingException e = assertThrows(TrainingException.class, iteration::trained);
        assertTrue(e.isDivergence());
        assertTrue(e.getMessage().contains("of iteration 7"), e.getMessage());
    }
}
