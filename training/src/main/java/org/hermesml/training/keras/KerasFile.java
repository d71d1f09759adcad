package org.hermesml.training.keras;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.modelimport.keras.KerasModel;
import org.deeplearning4j.nn.modelimport.keras.exceptions.InvalidKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.utils.KerasModelBuilder;
import org.hermesml.core.InputException;
import org.hermesml.training.dl4j.Dl4jFile;
import org.hermesml.training.dl4j.Dl4jRuntime;
import org.hermesml.training.dl4j.WeightOrder;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Keras 2 models in {@code .h5} files, made into Deeplearning4j ones where a run is published:
 * devices never see Keras.
 */
public final class KerasFile {
    /** Begins the names of temporary files of this process. */
    static final String TEMPORARY = "hermes-keras-" + ProcessHandle.current().pid() + "-";

    private final Path path;
    private final KerasArchive archive;
    private final Set<String> frozen;
    private boolean channelsFirst;

    private KerasFile(Path path, KerasArchive archive) {
        this.path = path;
        this.archive = archive;
        this.frozen = KerasLayers.prepare(archive);
    }

    /** Whether a file that begins with {@code bytes} is one for {@link #read}. */
    public static boolean isOne(byte[] bytes) {
        return KerasArchive.isHdf5(bytes);
    }

    /**
     * @throws InputException when the bytes are a {@code .keras} archive, which is a zip as a model
     *     of Deeplearning4j is one
     */
    public static void refuseKeras3(byte[] bytes) throws IOException {
        if (bytes.length < 2 || bytes[0] != 'P' || bytes[1] != 'K') {
            return;
        }
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().equals("model.weights.h5")) {
                    throw new InputException(
                            "The file is a .keras archive, and only .h5 files of Keras 2 can be imported; "
                                    + KerasArchive.SAVE
                                    + ".");
                }
            }
        } catch (ZipException | EOFException e) {
            // damaged: for whoever reads zips to say
        }
    }

    /**
     * The model as a ModelSerializer zip with its optimiser and the order of its weights.
     *
     * @param loss in place of the file's own; empty: the file's, or the usual one for its last
     *     activation
     * @param learningRate in place of the file's own
     * @param otherwise learning rate where neither says one
     * @throws InputException when it cannot be imported, naming the layer or the reason
     */
    public static byte[] read(
            Path path, Optional<String> loss, Optional<Double> learningRate, double otherwise)
            throws IOException {
        Dl4jRuntime.start();
        KerasFile file = new KerasFile(path, KerasArchive.read(path));
        Model plain = file.laidOut(file.network(path));
        Imported imported = Imported.of(plain);
        Layer last = imported.last();
        IActivation activation = TrainableEnd.activation(last);
        imported.optimise(file.updater(learningRate, otherwise), file.frozen);
        imported.end(
                TrainableEnd.of(last, file.loss(loss, activation), imported.outputs()),
                TrainableEnd.follows(last));
        Model model = imported.with(plain.params());
        return Dl4jFile.write(model, file.order(plain));
    }

    /**
     * With channels first where that gives the same: the fast convolutions are written for it, and
     * become NaN with channels last.
     */
    private Model laidOut(Model imported) {
        Optional<Model> first = ChannelsFirst.of(imported);
        channelsFirst =
                first.isPresent()
                        && archive.inputShape()
                                .map(shape -> ChannelsFirst.agree(imported, first.get(), shape))
                                .orElse(false);
        return channelsFirst ? first.get() : imported;
    }

    private float[] parameters(Path numbered) {
        Model imported = network(numbered);
        return (channelsFirst ? ChannelsFirst.of(imported).orElseThrow() : imported)
                .params()
                .toFloatVector();
    }

    private IUpdater updater(Optional<Double> learningRate, double otherwise) {
        return archive.training()
                .map(t -> KerasOptimiser.of(t, learningRate))
                .orElseGet(() -> new Sgd(learningRate.orElse(otherwise)));
    }

    private KerasLoss.Chosen loss(Optional<String> given, IActivation last) {
        return given.map(name -> KerasLoss.given(name, last))
                .or(() -> archive.training().map(KerasLoss::of))
                .or(() -> KerasLoss.usual(last))
                .orElseThrow(
                        () ->
                                new InputException(
                                        "The Keras model ends in "
                                                + last
                                                + " units and was not compiled, so that its loss is unknown: name one with"
                                                + " --loss, of "
                                                + String.join(", ", KerasLoss.NAMES)
                                                + " (what needs probabilities puts softmax or sigmoid on them)."));
    }

    /** The network with the weights of the file at {@code from}, which has the same layers. */
    private Model network(Path from) {
        return Dl4jRuntime.withoutHelpers(() -> imported(from));
    }

    private Model imported(Path from) {
        try {
            KerasModelBuilder builder =
                    new KerasModel()
                            .modelBuilder()
                            .modelJson(archive.model().toString())
                            .weightsHdf5Filename(from.toString());
            if (archive.isSequential()) {
                return builder.buildSequential().getMultiLayerNetwork();
            }
            if (archive.isGraph()) {
                return builder.buildModel().getComputationGraph();
            }
            throw new InputException(
                    "The Keras model is of the class "
                            + archive.model().path("class_name").asText()
                            + ": only Sequential and functional models can be imported.");
        } catch (InputException e) {
            throw e;
        } catch (IOException
                | RuntimeException
                | InvalidKerasConfigurationException
                | UnsupportedKerasConfigurationException e) {
            throw new InputException("The Keras model cannot be imported: " + why(e) + ".", e);
        }
    }

    /** The import's own words, with the names of the layers of the class that it speaks of. */
    private String why(Exception e) {
        String message = Dl4jFile.firstLine(e).replaceFirst("\\.? (Please|For more).*", "");
        for (ObjectNode layer : archive.layers()) {
            String kind = layer.path("class_name").asText();
            if (message.matches(".*\\b" + kind + "\\b.*")) {
                return "layer '" + KerasArchive.name(layer) + "' (" + kind + "): " + message;
            }
        }
        return message;
    }

    /**
     * Where each weight of Keras lies among the parameters: found by importing the file once more
     * with numbers in place of its weights that say which they are, and looking where they went.
     */
    private WeightOrder order(Model plain) throws IOException {
        Path numbered = Files.createTempFile(TEMPORARY, ".h5");
        try {
            Files.copy(path, numbered, StandardCopyOption.REPLACE_EXISTING);
            return new WeightSearch(archive.arrays(), Math.toIntExact(plain.params().length()))
                    .search(numbered, () -> parameters(numbered));
        } finally {
            Files.delete(numbered);
        }
    }
}
