package org.hermesml.edge.worker;

import org.hermesml.core.message.UpdateForm;
import org.hermesml.training.Engine;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.Engine.TrainingResult;
import org.hermesml.training.Samples;

/**
 * The model on this device and what of its past an update is made from. Owns its buffers: no
 * allocation of model size while a run lasts. One thread at a time.
 */
final class LocalModel implements AutoCloseable {
    private final Engine engine;
    private final UpdateForm form;
    private final double learningRate;

    /** Parameters on their way in or out, {@code [parameterCount]}. */
    private final float[] transfer;

    /** DELTA: the weights pulled. GRADIENT_SUM: the weights before the iteration. Else empty. */
    private final float[] before;

    /**
     * GRADIENT_SUM: of this process, never reset, not even by a pull, as the released method has
     * it. Else empty.
     */
    private final float[] gradientSum;

    LocalModel(Engine engine, UpdateForm form, double learningRate) {
        this.engine = engine;
        this.form = form;
        this.learningRate = learningRate;
        int count = engine.parameterCount();
        this.transfer = new float[count];
        this.before = new float[form == UpdateForm.WEIGHTS ? 0 : count];
        this.gradientSum = new float[form == UpdateForm.GRADIENT_SUM ? count : 0];
    }

    /** A buffer of {@code [parameterCount]} to read a version into before {@link #pulled}. */
    float[] transfer() {
        return transfer;
    }

    /** Makes the weights in {@link #transfer} the model's. */
    void pulled() {
        engine.writeParameters(transfer);
        if (form == UpdateForm.DELTA) {
            System.arraycopy(transfer, 0, before, 0, transfer.length);
        }
    }

    TrainingResult train(Samples samples, int[] drawn, int epochs, int miniBatch, long seed) {
        if (form == UpdateForm.GRADIENT_SUM) {
            engine.readParameters(before);
        }
        return engine.train(samples, drawn, epochs, miniBatch, seed);
    }

    /**
     * After each {@link #train}, outside the time that counts as training. Plain SGD moves by the
     * learning rate times each mean gradient, so what an iteration moved, divided by the rate, is
     * the sum of its gradients.
     */
    void trained() {
        if (form != UpdateForm.GRADIENT_SUM) {
            return;
        }
        engine.readParameters(transfer);
        for (int i = 0; i < transfer.length; i++) {
            gradientSum[i] += (float) ((before[i] - transfer[i]) / learningRate);
        }
    }

    Evaluation evaluate(Samples heldOut) {
        return engine.evaluate(heldOut);
    }

    /** What a push sends, {@code [parameterCount]}; valid until the next call of any method. */
    float[] update() {
        if (form == UpdateForm.GRADIENT_SUM) {
            return gradientSum;
        }
        engine.readParameters(transfer);
        if (form == UpdateForm.DELTA) {
            for (int i = 0; i < transfer.length; i++) {
                transfer[i] -= before[i];
            }
        }
        return transfer;
    }

    UpdateForm form() {
        return form;
    }

    @Override
    public void close() {
        engine.close();
    }
}
