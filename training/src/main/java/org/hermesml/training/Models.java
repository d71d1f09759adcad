package org.hermesml.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hermesml.core.BuiltIns;
import org.hermesml.core.InputException;
import org.hermesml.training.dl4j.BuiltInModels;
import org.hermesml.training.dl4j.Dl4jEngine;
import org.hermesml.training.dl4j.Dl4jRuntime;

/**
 * Finds a model by name or file. A definition always carries its initial parameters: no device
 * draws its own.
 */
public final class Models {
    /**
     * Opens a built-in model or a ModelSerializer zip and checks that it fits the data.
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
                            + " zip of a Deeplearning4j model.");
        }
        try {
            ModelDefinition model = new ModelDefinition(Engines.DL4J, Files.readAllBytes(path));
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
        Dl4jRuntime.start();
        try (Dl4jEngine engine = Dl4jEngine.open(model)) {
            engine.fit(featureShape, classCount);
        }
    }

    private Models() {}
}
