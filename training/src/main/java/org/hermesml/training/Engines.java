package org.hermesml.training;

import org.hermesml.core.InputException;
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
        if (!DL4J.equals(model.format())) {
            throw new InputException(
                    "The model has the format '"
                            + model.format()
                            + "', which this program cannot open: only '"
                            + DL4J
                            + "' is allowed.");
        }
        Dl4jRuntime.start(threads);
        return Dl4jEngine.open(model);
    }

    /** Loads the native library, if that has not happened yet, and tells how it will run here. */
    public static FastPath checkFastPath(int threads) {
        Dl4jRuntime.start(threads);
        return Dl4jRuntime.fastPath();
    }

    private Engines() {}
}
