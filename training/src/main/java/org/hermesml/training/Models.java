package org.hermesml.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hermesml.core.BuiltIns;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.EngineNames;
import org.hermesml.training.dl4j.BuiltInModels;
import org.hermesml.training.dl4j.Dl4jEngine;
import org.hermesml.training.dl4j.Dl4jRuntime;
import org.hermesml.training.torch.TorchEngine;
import org.hermesml.training.torch.TorchFile;
import org.hermesml.training.torch.TorchModels;
import org.hermesml.training.torch.TorchRuntime;

/**
 * Finds a model by name or file. A definition always carries its initial parameters: no device
 * draws its own.
 */
public final class Models {
    /**
     * Opens a built-in model, a ModelSerializer zip or a TorchScript file and checks that it fits
     * the data.
     *
     * @param nameOrPath {@code mlp}, {@code cnn}, {@code alexnet}, or a file
     * @param featureShape of one sample, channels first
     * @param learningRate of the built-in models; a file has its own
     * @param seed of the built-in models' initial parameters
     * @throws InputException when there is no such model, or it does not fit
     */
    public static ModelDefinition open(
            String nameOrPath, int[] featureShape, int classCount, double learningRate, long seed) {
        if (BuiltIns.MODELS.contains(nameOrPath)) {
            return named(nameOrPath, featureShape, classCount, learningRate, seed);
        }
        Path path = Path.of(nameOrPath);
        if (!Files.isRegularFile(path)) {
            throw new InputException(
                    "Model '"
                            + nameOrPath
                            + "' is neither built in ("
                            + String.join(", ", BuiltIns.MODELS)
                            + ") nor a file: name one of these, or the ModelSerializer"
                            + " zip of a Deeplearning4j model or a TorchScript file.");
        }
        try {
            byte[] bytes = Files.readAllBytes(path);
            ModelDefinition model = new ModelDefinition(format(bytes), bytes);
            check(model, featureShape, classCount);
            return model;
        } catch (InputException e) {
            throw new InputException(path + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new InputException(
                    "The model " + path + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /**
     * As {@link #open(String, int[], int, double, long)}, for an engine: {@code pytorch} makes a
     * built-in model in its own format.
     *
     * @param engine one of {@link EngineNames}
     */
    public static ModelDefinition open(
            String nameOrPath,
            int[] featureShape,
            int classCount,
            double learningRate,
            long seed,
            String engine) {
        if (engine.equals(EngineNames.PYTORCH) && BuiltIns.MODELS.contains(nameOrPath)) {
            return new ModelDefinition(
                    Engines.TORCHSCRIPT,
                    TorchModels.make(nameOrPath, featureShape, classCount, seed));
        }
        return open(nameOrPath, featureShape, classCount, learningRate, seed);
    }

    /**
     * A built-in model: {@code mlp} (128 and 64 ReLU units), {@code cnn} (two convolutions with
     * pooling, one dense layer) or {@code alexnet} (five convolutions, three with pooling, two
     * dense layers), all with softmax and plain SGD.
     */
    public static ModelDefinition named(
            String name, int[] featureShape, int classCount, double learningRate, long seed) {
        Dl4jRuntime.start();
        return new ModelDefinition(
                Engines.DL4J,
                BuiltInModels.make(name, featureShape, classCount, learningRate, seed));
    }

    /**
     * @throws InputException when the model cannot be opened, or takes other features or tells
     *     other classes
     */
    public static void check(ModelDefinition model, int[] featureShape, int classCount) {
        if (model.format().equals(Engines.TORCHSCRIPT)) {
            TorchRuntime.start(1);
            try (TorchEngine engine = TorchEngine.open(model, 0)) {
                engine.fit(featureShape, classCount);
            }
            return;
        }
        Dl4jRuntime.start();
        try (Dl4jEngine engine = Dl4jEngine.open(model)) {
            engine.fit(featureShape, classCount);
        }
    }

    private static String format(byte[] bytes) {
        return TorchFile.isTorch(bytes) ? Engines.TORCHSCRIPT : Engines.DL4J;
    }

    private Models() {}
}
