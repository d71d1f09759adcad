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
    private float[] base;
    private double norm;
    private float[] unsentAtPush = new float[0];

    /**
     * @param update of this incarnation
     */
    LocalWeights(LocalUpdate update) {
        this.update = update;
    }

    /** Those of the newest pull; shared and never changed. */
    float[] base() {
        return base;
    }

    /** Takes over weights that are shared and never changed. */
    void pulled(float[] version) {
        weights = version;
        base = version;
    }

    float[] weights() {
        return weights;
    }

    /** What rounding had left after the newest push; never changed. */
    float[] unsent() {
        return unsentAtPush;
    }

    boolean survives() {
        return update.survives();
    }

    /** Goes on from an earlier life. */
    void restore(Saved saved) {
        weights = saved.weights();
        base = saved.base();
        unsentAtPush = saved.unsent();
        update.restore(saved.unsent());
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
        float[] made = update.of(weights, base, into);
        unsentAtPush = update.unsent().clone();
        return update.form() == UpdateForm.GRADIENT_SUM ? made.clone() : made;
    }
}
