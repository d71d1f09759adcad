package org.hermesml.edge.worker;

import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.state.WorkerSnapshot;
import org.hermesml.core.wire.LocalUpdate;
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
    private final LocalUpdate update;

    /** Parameters on their way in or out, {@code [parameterCount]}. */
    private final float[] transfer;

    /** The weights pulled; empty where no update counts from them. */
    private final float[] pulled;

    /** The weights before the iteration; empty where nobody looks at them. */
    private final float[] before;

    LocalModel(Engine engine, LocalUpdate update) {
        this.engine = engine;
        this.update = update;
        int count = engine.parameterCount();
        this.transfer = new float[count];
        this.pulled = new float[update.countsFromPull() ? count : 0];
        this.before = new float[update.looksAtIterations() ? count : 0];
    }

    /** A buffer of {@code [parameterCount]} to read a version into before {@link #pulled}. */
    float[] transfer() {
        return transfer;
    }

    /** Makes the weights in {@link #transfer} the model's. */
    void pulled() {
        engine.writeParameters(transfer);
        System.arraycopy(transfer, 0, pulled, 0, pulled.length);
    }

    /** Whether an earlier life can be gone on from. */
    boolean survives() {
        return update.survives();
    }

    /**
     * What a later life goes on from; valid until the next call of any method.
     *
     * @param pulls whether that life pulls first: it needs no weights then
     */
    StateFile.Content state(WorkerSnapshot header, boolean pulls) {
        float[] none = new float[0];
        if (!pulls) {
            engine.readParameters(transfer);
        }
        return new StateFile.Content(
                header, pulls ? none : transfer, pulls ? none : pulled, update.unsent());
    }

    /** Goes on from what an earlier life saved; where that has no weights, a pull must follow. */
    void restore(StateFile.Content saved) {
        if (saved.weights().length > 0) {
            engine.writeParameters(saved.weights());
        }
        System.arraycopy(
                saved.pulled(), 0, pulled, 0, Math.min(saved.pulled().length, pulled.length));
        update.restore(saved.unsent());
    }

    TrainingResult train(Samples samples, int[] drawn, int epochs, int miniBatch, long seed) {
        if (update.looksAtIterations()) {
            engine.readParameters(before);
        }
        return engine.train(samples, drawn, epochs, miniBatch, seed);
    }

    /**
     * After each {@link #train}, outside the time that counts as training.
     *
     * @return the norm of the sum of its gradients; 0 where it is not measured
     */
    double trained() {
        if (!update.looksAtIterations()) {
            return 0;
        }
        engine.readParameters(transfer);
        return update.moved(before, transfer);
    }

    Evaluation evaluate(Samples heldOut) {
        return engine.evaluate(heldOut);
    }

    /**
     * What a push sends, {@code [parameterCount]}; valid until the next call of any method. Once
     * for each push: what its rounding leaves goes with the next.
     */
    float[] update() {
        engine.readParameters(transfer);
        return update.of(transfer, pulled, transfer);
    }

    UpdateForm form() {
        return update.form();
    }

    @Override
    public void close() {
        engine.close();
    }
}
