package org.hermesml.training;

import java.util.Optional;
import org.hermesml.core.InputException;
import org.hermesml.training.dense.DenseEngine;
import org.hermesml.training.dl4j.DenseReader;
import org.hermesml.training.dl4j.Dl4jEngine;
import org.hermesml.training.dl4j.Dl4jRuntime;

/** Opens the engine that a model needs. */
public final class Engines {
    /** A ModelSerializer zip of Deeplearning4j. */
    public static final String DL4J = "dl4j";

    /**
     * Opens a model for training and evaluation on the calling thread's terms: any thread may use
     * it, one at a time.
     *
     * @param threads of the native library, for the whole process: 1 is fastest for small models
     * @throws InputException when the format is unknown or the bytes are no such model
     */
    public static Engine open(ModelDefinition model, int threads) {
        start(model, threads);
        return Dl4jEngine.open(model);
    }

    /**
     * Opens a model with the engine that is fastest for it: {@link DenseEngine} for dense layers
     * with plain SGD, ten times faster there, else the one of {@link #open}. The two agree to float
     * rounding only, which after many steps shows in the third digit of an accuracy: a comparison
     * uses one for all its runs, and devices use {@link #open}, whose library they need anyhow.
     *
     * @param threads as for {@link #open}; the dense engine uses the caller's alone
     * @throws InputException when the format is unknown or the bytes are no such model
     */
    public static Engine openFast(ModelDefinition model, int threads) {
        start(model, threads);
        DenseReader.Reading reading = DenseReader.read(model);
        return reading.network().isPresent()
                ? new DenseEngine(
                        reading.network().get(), parameters -> Dl4jEngine.file(model, parameters))
                : Dl4jEngine.open(model);
    }

    /**
     * Why {@link #openFast} would not use the dense engine; empty where it would.
     *
     * @throws InputException when the format is unknown or the bytes are no such model
     */
    public static Optional<String> whyNotDense(ModelDefinition model) {
        start(model, 1);
        return DenseReader.read(model).refusal();
    }

    private static void start(ModelDefinition model, int threads) {
        if (!DL4J.equals(model.format())) {
            throw new InputException(
                    "The model has the format '"
                            + model.format()
                            + "', which this program cannot open: only '"
                            + DL4J
                            + "' is allowed.");
        }
        Dl4jRuntime.start(threads);
    }

    /** Loads the native library, if that has not happened yet, and tells how it will run here. */
    public static FastPath checkFastPath(int threads) {
        Dl4jRuntime.start(threads);
        return Dl4jRuntime.fastPath();
    }

    private Engines() {}
}
