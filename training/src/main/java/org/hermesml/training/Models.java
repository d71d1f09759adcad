package org.hermesml.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.hermesml.core.BuiltIns;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.EngineNames;
import org.hermesml.training.dl4j.BuiltInModels;
import org.hermesml.training.dl4j.Dl4jEngine;
import org.hermesml.training.dl4j.Dl4jFile;
import org.hermesml.training.dl4j.Dl4jRuntime;
import org.hermesml.training.keras.KerasFile;
import org.hermesml.training.torch.TorchEngine;
import org.hermesml.training.torch.TorchFormat;
import org.hermesml.training.torch.TorchModels;
import org.hermesml.training.torch.TorchRuntime;

/**
 * Finds a model by name or file. A definition always carries its initial parameters: no device
 * draws its own.
 */
public final class Models {
    /**
     * What a person says of a model in place of what its file says.
     *
     * @param loss of a Keras file, as Keras calls it
     * @param learningRate of any file
     * @param engine one of {@link EngineNames}: {@code pytorch} makes a built-in model in its own
     *     format
     */
    public record Wishes(Optional<String> loss, Optional<Double> learningRate, String engine) {
        public static final Wishes NONE = ofEngine(EngineNames.AUTO);

        public static Wishes ofEngine(String engine) {
            return new Wishes(Optional.empty(), Optional.empty(), engine);
        }
    }

    /** As {@link #open(String, int[], int, double, long, Wishes)} with what the file says. */
    public static ModelDefinition open(
            String nameOrPath, int[] featureShape, int classCount, double learningRate, long seed) {
        return open(nameOrPath, featureShape, classCount, learningRate, seed, Wishes.NONE);
    }

    /**
     * Opens a built-in model or a file and checks that it fits the data.
     *
     * @param nameOrPath {@code mlp}, {@code cnn}, {@code alexnet}, or a file
     * @param featureShape of one sample, channels first
     * @param learningRate of the built-in models, and of files without one
     * @param seed of the built-in models' initial parameters
     * @throws InputException when there is no such model, or it does not fit
     */
    public static ModelDefinition open(
            String nameOrPath,
            int[] featureShape,
            int classCount,
            double learningRate,
            long seed,
            Wishes wishes) {
        if (BuiltIns.MODELS.contains(nameOrPath)) {
            noLoss(wishes, "a built-in model");
            if (wishes.engine.equals(EngineNames.PYTORCH)) {
                return new ModelDefinition(
                        Engines.TORCHSCRIPT,
                        TorchModels.make(nameOrPath, featureShape, classCount, seed));
            }
            double rate = wishes.learningRate.orElse(learningRate);
            return named(nameOrPath, featureShape, classCount, rate, seed);
        }
        Path path = Path.of(nameOrPath);
        if (!Files.isRegularFile(path)) {
            throw new InputException(
                    "Model '"
                            + nameOrPath
                            + "' is neither built in ("
                            + String.join(", ", BuiltIns.MODELS)
                            + ") nor a file: name one of these, or the file of a Keras 2 (.h5), Deeplearning4j"
                            + " (ModelSerializer zip) or PyTorch model (TorchScript .pt).");
        }
        try {
            ModelDefinition model = read(path, learningRate, wishes);
            check(model, featureShape, classCount);
            return model;
        } catch (InputException e) {
            throw new InputException(path + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new InputException(
                    "The model " + path + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** A file tells by its first bytes what it is, whatever its name. */
    private static ModelDefinition read(Path path, double learningRate, Wishes wishes)
            throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        if (KerasFile.isOne(bytes)) {
            return new ModelDefinition(
                    Engines.DL4J,
                    KerasFile.read(path, wishes.loss, wishes.learningRate, learningRate));
        }
        noLoss(wishes, "a file that is not of Keras");
        if (TorchFormat.isTorch(bytes)) {
            return new ModelDefinition(Engines.TORCHSCRIPT, bytes);
        }
        KerasFile.refuseKeras3(bytes);
        Dl4jRuntime.start();
        return new ModelDefinition(Engines.DL4J, Dl4jFile.taken(bytes, wishes.learningRate));
    }

    private static void noLoss(Wishes wishes, String what) {
        if (wishes.loss.isPresent()) {
            throw new InputException(
                    "--loss "
                            + wishes.loss.get()
                            + " cannot be given to "
                            + what
                            + ", which has its own: leave it out.");
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

    private Models() {}
}
