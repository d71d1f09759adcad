package org.hermesml.simulator.world;

import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.wire.LocalUpdate;

/**
 * The model of one device, and what of its past an update is made from. Holds weights of its own
 * only while they differ from a version.
 */
final class LocalWeights {
    private final LocalUpdate update;
    private float[] weights;
    private float[] pulled;
    private double norm;

    /**
     * @param update of this incarnation
     */
    LocalWeights(LocalUpdate update) {
        this.update = update;
    }

    /** Takes over weights that are shared and never changed. */
    void pulled(float[] version) {
        weights = version;
        pulled = update.countsFromPull() ? version : null;
    }

    float[] weights() {
        return weights;
    }

    /**
     * An iteration changed the weights.
     *
     * @param after shared and never changed
     */
    void trained(float[] after) {
        norm = update.moved(weights, after);
        weights = after;
    }

    /** Norm of the summed gradients of the newest iteration; 0 where it was not measured. */
    double norm() {
        return norm;
    }

    /** What a push sends, once for each push; never changed afterwards. */
    float[] update() {
        float[] into = new float[update.countsFromPull() ? weights.length : 0];
        float[] made = update.of(weights, pulled, into);
        return update.form() == UpdateForm.GRADIENT_SUM ? made.clone() : made;
    }
}
