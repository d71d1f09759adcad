package org.hermesml.edge.worker;

import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.wire.Unsent;
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
    private final Unsent unsent;

    /** Parameters on their way in or out, {@code [parameterCount]}. */
    private final float[] transfer;

    /** DELTA: the weights pulled. Else empty. */
    private final float[] pulled;

    /** GRADIENT_SUM, or where norms are measured: the weights before the iteration. Else empty. */
    private final float[] before;

    /**
     * GRADIENT_SUM: of this process, never reset, not even by a pull, as the released method has
     * it. Else empty.
     */
    private final float[] gradientSum;

    /**
     * @param unsent of this incarnation
     * @param measuresNorm whether {@link #trained} says how far an iteration went
     */
    LocalModel(
            Engine engine,
            UpdateForm form,
            double learningRate,
            Unsent unsent,
            boolean measuresNorm) {
        this.engine = engine;
        this.form = form;
        this.learningRate = learningRate;
        this.unsent = unsent;
        int count = engine.parameterCount();
        this.transfer = new float[count];
        this.pulled = new float[form == UpdateForm.DELTA ? count : 0];
        this.before = new float[form == UpdateForm.GRADIENT_SUM || measuresNorm ? count : 0];
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
            System.arraycopy(transfer, 0, pulled, 0, transfer.length);
        }
    }

    TrainingResult train(Samples samples, int[] drawn, int epochs, int miniBatch, long seed) {
        if (before.length > 0) {
            engine.readParameters(before);
        }
        return engine.train(samples, drawn, epochs, miniBatch, seed);
    }

    /**
     * After each {@link #train}, outside the time that counts as training. Plain SGD moves by the
     * learning rate times each mean gradient, so what an iteration moved, divided by the rate, is
     * the sum of its gradients. (With tail averaging, the mean of that sum over the tail.)
     *
     * @return the norm of that sum; 0 where it is not measured
     */
    double trained() {
        if (before.length == 0) {
            return 0;
        }
        engine.readParameters(transfer);
        double squares = 0;
        for (int i = 0; i < transfer.length; i++) {
            double gradient = (before[i] - transfer[i]) / learningRate;
            squares += gradient * gradient;
            if (form == UpdateForm.GRADIENT_SUM) {
                gradientSum[i] += (float) gradient;
            }
        }
        return Math.sqrt(squares);
    }

    Evaluation evaluate(Samples heldOut) {
        return engine.evaluate(heldOut);
    }

    /**
     * What a push sends, {@code [parameterCount]}; valid until the next call of any method. Once
     * for each push: what its rounding leaves goes with the next.
     */
    float[] update() {
        if (form == UpdateForm.GRADIENT_SUM) {
            return gradientSum;
        }
        engine.readParameters(transfer);
        if (form == UpdateForm.DELTA) {
            for (int i = 0; i < transfer.length; i++) {
                transfer[i] -= pulled[i];
            }
            unsent.addTo(transfer);
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
