package org.hermesml.simulator.world;

import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.wire.Unsent;

/**
 * The model of one device, and what of its past an update is made from. Holds weights of its own
 * only while they differ from a version.
 */
final class LocalWeights {
    private final UpdateForm form;
    private final double learningRate;
    private final Unsent unsent;
    private float[] weights;
    private float[] pulled;
    private float[] gradientSum;
    private double norm;

    /**
     * @param unsent of this incarnation
     */
    LocalWeights(UpdateForm form, double learningRate, Unsent unsent) {
        this.form = form;
        this.learningRate = learningRate;
        this.unsent = unsent;
    }

    /** Takes over weights that are shared and never changed. */
    void pulled(float[] version) {
        weights = version;
        pulled = form == UpdateForm.DELTA ? version : null;
    }

    float[] weights() {
        return weights;
    }

    /**
     * An iteration changed the weights.
     *
     * @param after shared and never changed
     * @param measured whether {@link #norm} will be asked for
     */
    void trained(float[] after, boolean measured) {
        if (measured) {
            double sum = 0;
            for (int i = 0; i < after.length; i++) {
                double moved = (weights[i] - after[i]) / learningRate;
                sum += moved * moved;
            }
            norm = Math.sqrt(sum);
        }
        if (form == UpdateForm.GRADIENT_SUM) {
            if (gradientSum == null) {
                gradientSum = new float[after.length];
            }
            for (int i = 0; i < after.length; i++) {
                gradientSum[i] += (float) ((weights[i] - after[i]) / learningRate);
            }
        }
        weights = after;
    }

    /** Norm of the summed gradients of the newest iteration; 0 where it was not measured. */
    double norm() {
        return norm;
    }

    /** What a push sends, once for each push; never changed afterwards. */
    float[] update() {
        return switch (form) {
            case DELTA -> {
                float[] delta = new float[weights.length];
                for (int i = 0; i < delta.length; i++) {
                    delta[i] = weights[i] - pulled[i];
                }
                unsent.addTo(delta);
                yield delta;
            }
            case GRADIENT_SUM -> gradientSum.clone();
            default -> weights;
        };
    }
}
