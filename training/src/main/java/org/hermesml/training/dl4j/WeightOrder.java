package org.hermesml.training.dl4j;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.hermesml.core.InputException;
import org.hermesml.training.data.NpzWriter;

/**
 * Where the weights of the framework that a model came from lie among its flat parameters. It
 * travels in the model's file, so that what was trained goes back to that framework: {@code
 * model.set_weights} of Keras takes the arrays in just this order.
 *
 * @param weights in the order of that framework
 */
public record WeightOrder(List<Weight> weights) {
    private static final int FORMAT = 1;

    /**
     * @param shape in that framework
     * @param runs of positions among the flat parameters, last dimension of {@code shape} fastest:
     *     first position, step, count; and so on
     */
    public record Weight(String name, int[] shape, int[] runs) {
        /**
         * @param positions as many as {@code shape} holds
         */
        public static Weight of(String name, int[] shape, int[] positions) {
            List<Integer> runs = new ArrayList<>();
            int i = 0;
            while (i < positions.length) {
                int step = i + 1 < positions.length ? positions[i + 1] - positions[i] : 0;
                int end = i + 1;
                while (end < positions.length && positions[end] - positions[end - 1] == step) {
                    end++;
                }
                runs.addAll(List.of(positions[i], step, end - i));
                i = end;
            }
            return new Weight(name, shape, runs.stream().mapToInt(r -> r).toArray());
        }

        /** Its values out of the flat parameters, last dimension fastest. */
        public float[] values(float[] parameters) {
            int count = 1;
            for (int size : shape) {
                count *= size;
            }
            float[] values = new float[count];
            int at = 0;
            for (int run = 0; run < runs.length; run += 3) {
                for (int i = 0; i < runs[run + 2]; i++) {
                    values[at++] = parameters[runs[run] + i * runs[run + 1]];
                }
            }
            return values;
        }
    }

    /** All weights as a {@code .npz} file. */
    public byte[] npz(float[] parameters) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (NpzWriter npz = new NpzWriter(bytes)) {
            for (Weight weight : weights) {
                npz.add(weight.name, weight.shape, weight.values(parameters));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(FORMAT);
            out.writeInt(weights.size());
            for (Weight weight : weights) {
                out.writeUTF(weight.name);
                write(weight.shape, out);
                write(weight.runs, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(int[] numbers, DataOutputStream out) throws IOException {
        out.writeInt(numbers.length);
        for (int number : numbers) {
            out.writeInt(number);
        }
    }

    /**
     * @throws InputException when the bytes are of another format, or damaged
     */
    public static WeightOrder decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int format = in.readInt();
            if (format != FORMAT) {
                throw new InputException(
                        "The model's order of weights has the format "
                                + format
                                + ", this program reads "
                                + FORMAT
                                + ": use the Hermes that wrote it.");
            }
            List<Weight> weights = new ArrayList<>();
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                weights.add(new Weight(in.readUTF(), read(in), read(in)));
            }
            return new WeightOrder(weights);
        } catch (IOException e) {
            throw new InputException("The model's order of weights is damaged: " + e + ".", e);
        }
    }

    private static int[] read(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > in.available() / Integer.BYTES) {
            throw new IOException("it ends early");
        }
        int[] numbers = new int[count];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.readInt();
        }
        return numbers;
    }
}
