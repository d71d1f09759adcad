package org.hermesml.training;

import java.util.Optional;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.EngineNames;
import org.hermesml.training.dense.DenseEngine;
import org.hermesml.training.dl4j.DenseReader;
import org.hermesml.training.dl4j.Dl4jEngine;
import org.hermesml.training.dl4j.Dl4jRuntime;
import org.hermesml.training.torch.TorchEngine;
import org.hermesml.training.torch.TorchRuntime;

/**
 * Opens the engine that a model needs, by one rule for devices, evaluators and the simulator:
 * TorchScript goes to PyTorch; a model of Deeplearning4j to the {@link DenseEngine} where that
 * takes it, which is several times faster there, else to Deeplearning4j itself.
 */
public final class Engines {
    /** A ModelSerializer zip of Deeplearning4j. */
    public static final String DL4J = "dl4j";

    /** A TorchScript file. */
    public static final String TORCHSCRIPT = "torchscript";

    /**
     * Opens a model for training and evaluation: any thread may use it, one at a time.
     *
     * @throws InputException when the format is unknown, the bytes are no such model, or the engine
     *     that was asked for does not take it
     */
    public static Engine open(ModelDefinition model, EngineTerms terms) {
        return switch (model.format()) {
            case TORCHSCRIPT -> torch(model, terms);
            case DL4J -> dl4j(model, terms);
            default -> throw unknown(model);
        };
    }

    /** {@link #open(ModelDefinition, EngineTerms)} on {@link EngineTerms#plain}. */
    public static Engine open(ModelDefinition model, int threads) {
        return open(model, EngineTerms.plain(threads));
    }

    private static Engine torch(ModelDefinition model, EngineTerms terms) {
        if (!terms.engine().equals(EngineNames.AUTO)
                && !terms.engine().equals(EngineNames.PYTORCH)) {
            throw new InputException(
                    "The model is a TorchScript file, which engine="
                            + terms.engine()
                            + " does not take: only auto and pytorch are allowed with it.");
        }
        TorchRuntime.start(terms.threads());
        return TorchEngine.open(model, terms.learningRate());
    }

    private static Engine dl4j(ModelDefinition model, EngineTerms terms) {
        if (terms.engine().equals(EngineNames.PYTORCH)) {
            throw new InputException(
                    "The model is one of Deeplearning4j, which engine=pytorch does not take: it"
                            + " needs a TorchScript file; auto, dl4j and dense are allowed here.");
        }
        Dl4jRuntime.start(terms.threads());
        if (terms.engine().equals(EngineNames.DL4J)) {
            return Dl4jEngine.open(model);
        }
        DenseReader.Reading reading = DenseReader.read(model);
        if (reading.network().isPresent()) {
            return new DenseEngine(
                    reading.network().get(), parameters -> Dl4jEngine.open(model, parameters));
        }
        if (terms.engine().equals(EngineNames.DENSE)) {
            throw new InputException(
                    "engine=dense does not take the model, which has "
                            + reading.refusal().orElse("something unknown")
                            + ": take auto or dl4j.");
        }
        return Dl4jEngine.open(model);
    }

    /**
     * Why a model of Deeplearning4j does not go to the dense engine; empty where it does.
     *
     * @throws InputException when the format is unknown or the bytes are no such model
     */
    public static Optional<String> whyNotDense(ModelDefinition model) {
        if (!DL4J.equals(model.format())) {
            throw unknown(model);
        }
        Dl4jRuntime.start();
        return DenseReader.read(model).refusal();
    }

    private static InputException unknown(ModelDefinition model) {
        return new InputException(
                "The model has the format '"
                        + model.format()
                        + "', which this program cannot open: only '"
                        + DL4J
                        + "' and '"
                        + TORCHSCRIPT
                        + "' are allowed.");
    }

    /** Loads the native library, if that has not happened yet, and tells how it will run here. */
    public static FastPath checkFastPath(int threads) {
        Dl4jRuntime.start(threads);
        return Dl4jRuntime.fastPath();
    }

    private Engines() {}
}
