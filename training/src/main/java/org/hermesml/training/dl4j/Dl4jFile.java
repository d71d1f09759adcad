package org.hermesml.training.dl4j;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.util.ModelSerializer;
import org.hermesml.core.InputException;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * ModelSerializer zips: configuration, parameters, optimiser state, and where the model came from
 * Keras the order of its weights there.
 */
public final class Dl4jFile {
    private static final String CONFIGURATION = ModelSerializer.CONFIGURATION_JSON;

    /** Deeplearning4j ignores what it does not know in a zip. */
    private static final String WEIGHT_ORDER = "hermes-weight-order.bin";

    /**
     * What is read of a zip. It may also hold a data preprocessor as a serialised Java object,
     * which would run foreign code on every device that reads it: left out.
     */
    private static final Set<String> PARTS =
            Set.of(
                    CONFIGURATION,
                    ModelSerializer.COEFFICIENTS_BIN,
                    ModelSerializer.UPDATER_BIN,
                    WEIGHT_ORDER);

    /**
     * @throws InputException when the bytes are no model with its parameters
     */
    static Network read(byte[] bytes) {
        Map<String, byte[]> parts = parts(bytes);
        byte[] configuration = parts.get(CONFIGURATION);
        if (configuration == null || !parts.containsKey(ModelSerializer.COEFFICIENTS_BIN)) {
            throw new InputException(
                    "The model is no ModelSerializer zip with its parameters: "
                            + CONFIGURATION
                            + " and "
                            + ModelSerializer.COEFFICIENTS_BIN
                            + " must be in it, but it holds "
                            + (parts.isEmpty()
                                    ? "neither"
                                    : "only " + String.join(", ", parts.keySet()))
                            + ".");
        }
        String json = new String(configuration, StandardCharsets.UTF_8);
        boolean channelsLast = json.contains("\"NHWC\"");
        Network network =
                restore(
                        zip(parts, Deflater.NO_COMPRESSION),
                        json.contains("\"networkInputs\""),
                        channelsLast);
        DataType type = network.parameters().dataType();
        if (type != DataType.FLOAT) {
            throw new InputException(
                    "The model keeps its parameters as "
                            + type
                            + ": only FLOAT is allowed, save it so.");
        }
        return network;
    }

    /**
     * A file as it shall travel: as it is, or with another learning rate where one is given. The
     * library must have been started.
     *
     * @throws InputException when the bytes are no model with its parameters
     */
    public static byte[] taken(byte[] bytes, Optional<Double> learningRate) {
        Network network = read(bytes);
        try {
            if (learningRate.isEmpty()) {
                return bytes;
            }
            network.setLearningRate(learningRate.get());
            return write(network.model(), weightOrder(bytes));
        } finally {
            network.model().close();
        }
    }

    static byte[] write(Model model, Optional<byte[]> weightOrder) {
        byte[] file = write(model);
        if (weightOrder.isEmpty()) {
            return file;
        }
        Map<String, byte[]> parts = parts(file);
        parts.put(WEIGHT_ORDER, weightOrder.get());
        return zip(parts, Deflater.DEFAULT_COMPRESSION);
    }

    /** A file that remembers where the weights of another framework lie. */
    public static byte[] write(Model model, WeightOrder order) {
        return write(model, Optional.of(order.encode()));
    }

    /** The encoded {@link WeightOrder}; empty in a file that did not come from elsewhere. */
    static Optional<byte[]> weightOrder(byte[] bytes) {
        return Optional.ofNullable(parts(bytes).get(WEIGHT_ORDER));
    }

    static byte[] write(Model model) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ModelSerializer.writeModel(model, out, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static Network restore(byte[] zip, boolean graph, boolean channelsLast) {
        synchronized (Dl4jRuntime.class) {
            Dl4jRuntime.setHelpers(!channelsLast);
            try {
                ByteArrayInputStream in = new ByteArrayInputStream(zip);
                return graph
                        ? new GraphNetwork(
                                ModelSerializer.restoreComputationGraph(in, true), channelsLast)
                        : new LayeredNetwork(
                                ModelSerializer.restoreMultiLayerNetwork(in, true), channelsLast);
            } catch (InputException e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                throw new InputException(
                        "The model cannot be opened by Deeplearning4j 1.0.0-M2.1: "
                                + firstLine(e)
                                + ".",
                        e);
            } finally {
                Dl4jRuntime.setHelpers(true);
            }
        }
    }

    public static String firstLine(Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        String line = message.lines().findFirst().orElse("").strip();
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }

    private static Map<String, byte[]> parts(byte[] bytes) {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (PARTS.contains(entry.getName())) {
                    parts.put(entry.getName(), in.readAllBytes());
                }
            }
        } catch (IOException e) {
            throw new InputException(
                    "The model's zip is truncated or damaged: " + firstLine(e) + ".", e);
        }
        return parts;
    }

    private static byte[] zip(Map<String, byte[]> parts, int level) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.setLevel(level);
            for (Map.Entry<String, byte[]> part : parts.entrySet()) {
                out.putNextEntry(new ZipEntry(part.getKey()));
                out.write(part.getValue());
                out.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private Dl4jFile() {}
}
