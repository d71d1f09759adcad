package org.hermesml.edge.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Map;
import java.util.Optional;
import org.hermesml.core.gate.AlwaysPush;
import org.hermesml.core.gate.GradientChange;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.method.Method;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.WorkerSnapshot;
import org.hermesml.core.wire.LocalUpdate;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Values;
import org.hermesml.training.Engine;
import org.hermesml.training.Samples;
import org.junit.jupiter.api.Test;

class LocalModelTest {
    private static final Slicing SLICING = new Slicing(2, 1, 16);

    private final Descent engine = new Descent();

    private LocalModel model(UpdateForm form, float... pulled) {
        LocalModel model = new LocalModel(engine, update(form, "fp32", true));
        pull(model, pulled);
        return model;
    }

    private static LocalUpdate update(UpdateForm form, String type, boolean measuresNorm) {
        Settings settings = Settings.of(Map.of("update_type", type, "learning_rate", "0.5"));
        PushRule rule = measuresNorm ? new GradientChange(0.3, 0.5) : new AlwaysPush();
        return LocalUpdate.of(
                settings, new Method(form, rule, (pending, standing) -> Optional.empty()), SLICING);
    }

    private static void pull(LocalModel model, float... weights) {
        System.arraycopy(weights, 0, model.transfer(), 0, weights.length);
        model.pulled();
    }

    private static void train(LocalModel model) {
        model.train(null, new int[0], 1, 1, 1);
        model.trained();
    }

    @Test
    void weightsAreWhatTheModelHoldsNow() {
        LocalModel model = model(UpdateForm.WEIGHTS, 4, 8);
        train(model);
        train(model);
        assertArrayEquals(new float[] {2, 4}, model.update());
    }

    @Test
    void aLaterLifeGoesOnWithTheWeightsThePullAndWhatRoundingLeft() {
        LocalModel first = new LocalModel(engine, update(UpdateForm.DELTA, "int8", false));
        pull(first, 4, 8);
        train(first);
        first.update();
        pull(first, 3, 1000);
        train(first);
        StateFile.Content state = first.state(WorkerSnapshot.getDefaultInstance(), false);
        StateFile.Content saved =
                new StateFile.Content(
                        state.header(),
                        state.weights().clone(),
                        state.pulled().clone(),
                        state.unsent().clone());
        float[] expected = first.update().clone();

        Descent other = new Descent();
        LocalModel second = new LocalModel(other, update(UpdateForm.DELTA, "int8", false));
        second.restore(saved);
        assertArrayEquals(expected, second.update());
    }

    @Test
    void aSumOfGradientsIsBegunAnewByEachProcessAsReleased() {
        assertEquals(false, model(UpdateForm.GRADIENT_SUM, 1, 1).survives());
        assertEquals(true, model(UpdateForm.DELTA, 1, 1).survives());
    }

    @Test
    void aDeltaCountsFromTheLastPull() {
        LocalModel model = model(UpdateForm.DELTA, 4, 8);
        train(model);
        train(model);
        assertArrayEquals(new float[] {-2, -4}, model.update());
        pull(model, 10, 10);
        train(model);
        assertArrayEquals(new float[] {-1, -1}, model.update());
    }

    @Test
    void whatRoundingTookFromADeltaGoesWithTheNext() {
        LocalModel model = new LocalModel(engine, update(UpdateForm.DELTA, "int8", false));
        pull(model, 4, 8);
        train(model);
        float[] first = model.update().clone();
        assertArrayEquals(new float[] {-1, -2}, first);
        float[] read = Values.travelled(first, ValueType.INT8, SLICING);
        assertNotEquals(-1, read[0]);
        pull(model, 10, 10);
        train(model);
        float[] second = model.update();
        assertEquals(-1 + (-1 - read[0]), second[0], 1e-7);
        assertEquals(-1 + (-2 - read[1]), second[1], 1e-7);
    }

    @Test
    void aGradientSumIsNeverReset() {
        LocalModel model = model(UpdateForm.GRADIENT_SUM, 4, 8);
        train(model);
        assertArrayEquals(new float[] {2, 2 * 2}, model.update());
        pull(model, 10, 10);
        train(model);
        // the first iteration's 2 and 4, and of this one 2 and 2
        assertArrayEquals(new float[] {4, 6}, model.update());
    }

    @Test
    void theNormOfAnIterationIsThatOfItsGradientsWhateverIsPushed() {
        for (UpdateForm form :
                new UpdateForm[] {UpdateForm.WEIGHTS, UpdateForm.DELTA, UpdateForm.GRADIENT_SUM}) {
            LocalModel model = model(form, 4, 8);
            for (int iteration = 0; iteration < 2; iteration++) {
                model.train(null, new int[0], 1, 1, 1);
                assertEquals(Math.sqrt(2 * 2 + 4 * 4), model.trained(), 1e-9, form.name());
            }
        }
    }

    @Test
    void withoutANormNothingIsMeasured() {
        for (UpdateForm form :
                new UpdateForm[] {UpdateForm.WEIGHTS, UpdateForm.DELTA, UpdateForm.GRADIENT_SUM}) {
            LocalModel model = new LocalModel(engine, update(form, "fp32", false));
            pull(model, 4, 8);
            model.train(null, new int[0], 1, 1, 1);
            assertEquals(0, model.trained(), form.name());
        }
    }

    /** Each bout moves the first weight by 1 and the second by 2, or both by 1 from 10 on. */
    private static final class Descent implements Engine {
        private final float[] weights = new float[2];

        @Override
        public int parameterCount() {
            return 2;
        }

        @Override
        public void readParameters(float[] into) {
            System.arraycopy(weights, 0, into, 0, 2);
        }

        @Override
        public void writeParameters(float[] from) {
            System.arraycopy(from, 0, weights, 0, 2);
        }

        @Override
        public TrainingResult train(
                Samples samples, int[] drawn, int epochs, int miniBatch, long seed) {
            weights[1] -= weights[1] >= 10 ? 1 : 2;
            weights[0] -= 1;
            return new TrainingResult(1, 1);
        }

        @Override
        public Evaluation evaluate(Samples samples) {
            return new Evaluation(1, 0, 1);
        }

        @Override
        public byte[] save() {
            return new byte[0];
        }

        @Override
        public void close() {}
    }
}
