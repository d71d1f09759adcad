package org.hermesml.training.keras;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.hermesml.core.InputException;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * What a Keras 2 {@code .h5} file says of itself: {@code model.save} of Keras 2.0 to 2.15 and of
 * tf_keras writes it so.
 *
 * @param model configuration of the layers, with {@code keras_version} and {@code backend}
 * @param training loss and optimiser; empty where the model was not compiled
 * @param arrays all weights, in the order of {@code model.get_weights()}
 */
record KerasArchive(ObjectNode model, Optional<JsonNode> training, List<Array> arrays) {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    private static final String WEIGHTS = "model_weights";

    /** What to do with what cannot be read. */
    static final String SAVE =
            "save the whole model with Keras 2 (package tf_keras), as model.save('model.h5')";

    /**
     * @param path in the file
     * @param name as Keras calls it, unique among these
     */
    record Array(String path, String name, int[] shape) {
        int count() {
            return Arrays.stream(shape).reduce(1, Math::multiplyExact);
        }
    }

    /** Whether {@code bytes} begin as an HDF5 file does. */
    static boolean isHdf5(byte[] bytes) {
        return bytes.length >= SIGNATURE.length
                && Arrays.equals(Arrays.copyOf(bytes, SIGNATURE.length), SIGNATURE);
    }

    /**
     * @throws InputException when it is no whole Keras 2 model
     */
    static KerasArchive read(Path path) throws IOException {
        try (Hdf5File file = Hdf5File.open(path, false)) {
            return read(file);
        } catch (RuntimeException e) {
            if (e instanceof InputException) {
                throw e;
            }
            throw new InputException(
                    "The HDF5 file of "
                            + Files.size(path)
                            + " bytes is truncated or damaged; copy it again.",
                    e);
        }
    }

    private static KerasArchive read(Hdf5File file) {
        if (!file.has("/", "model_config")) {
            boolean weights = file.has("/", "layer_names") || file.hasGroup("layers");
            throw new InputException(
                    (weights
                                    ? "The file holds the weights of a Keras model but not its layers; "
                                    : "The HDF5 file holds no Keras model; ")
                            + SAVE
                            + ".");
        }
        String version = file.has("/", "keras_version") ? file.text("/", "keras_version") : "";
        if (!version.startsWith("2.")) {
            throw new InputException(
                    "The file is of Keras "
                            + (version.isEmpty() ? "without a version" : version)
                            + ", and only those of Keras 2 can be imported; "
                            + SAVE
                            + ".");
        }
        ObjectNode model = (ObjectNode) json(file.text("/", "model_config"));
        model.put("keras_version", version);
        model.put("backend", file.has("/", "backend") ? file.text("/", "backend") : "tensorflow");
        Optional<JsonNode> training =
                file.has("/", "training_config")
                        ? Optional.of(json(file.text("/", "training_config")))
                        : Optional.empty();
        return new KerasArchive(model, training, arrays(file));
    }

    private static List<Array> arrays(Hdf5File file) {
        List<Array> arrays = new ArrayList<>();
        for (String layer : names(file, WEIGHTS, "layer_names")) {
            String group = WEIGHTS + "/" + layer;
            for (String name : names(file, group, "weight_names")) {
                String path = group + "/" + name;
                boolean taken = arrays.stream().anyMatch(a -> a.name().equals(name));
                arrays.add(new Array(path, taken ? layer + "/" + name : name, file.shape(path)));
            }
        }
        return arrays;
    }

    /** Keras cuts a list that is too long for one attribute into numbered ones. */
    private static List<String> names(Hdf5File file, String group, String attribute) {
        if (file.has(group, attribute)) {
            return file.texts(group, attribute);
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; file.has(group, attribute + i); i++) {
            names.addAll(file.texts(group, attribute + i));
        }
        return names;
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new InputException(
                    "The file's description of its model is no JSON: "
                            + e.getOriginalMessage()
                            + ".",
                    e);
        }
    }

    /** Descriptions of the layers, in order: {@code class_name}, {@code name}, {@code config}. */
    List<ObjectNode> layers() {
        JsonNode config = model.path("config");
        JsonNode list = config.isArray() ? config : config.path("layers");
        List<ObjectNode> layers = new ArrayList<>();
        list.forEach(layer -> layers.add((ObjectNode) layer));
        if (layers.isEmpty()) {
            throw new InputException("The Keras model has no layers.");
        }
        return layers;
    }

    /** Shape of one image, channels last; empty where the model takes none, or of any size. */
    Optional<long[]> inputShape() {
        JsonNode shape = layers().get(0).path("config").path("batch_input_shape");
        long[] sizes = new long[Math.max(0, shape.size() - 1)];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = shape.get(i + 1).asLong(0);
        }
        boolean known = Arrays.stream(sizes).allMatch(size -> size > 0);
        return sizes.length == 3 && known ? Optional.of(sizes) : Optional.empty();
    }

    static String name(JsonNode layer) {
        return layer.path("config").path("name").asText();
    }

    boolean isSequential() {
        return model.path("class_name").asText().equals("Sequential");
    }

    boolean isGraph() {
        String kind = model.path("class_name").asText();
        return kind.equals("Model") || kind.equals("Functional");
    }
}
