package org.hermesml.training.dl4j;

import java.util.Arrays;
import java.util.List;
import org.hermesml.core.InputException;
import org.hermesml.training.Samples;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How the samples of a data set enter a network: as rows of numbers, in their own shape, or with
 * the channels last. Found by letting the network see an empty sample, which also shows whether the
 * two fit together.
 */
final class InputForm {
    private final long[] shape;
    private final boolean channelsLast;
    private final int outputs;

    private InputForm(long[] shape, boolean channelsLast) {
        this(shape, channelsLast, 0);
    }

    private InputForm(long[] shape, boolean channelsLast, int outputs) {
        this.shape = shape;
        this.channelsLast = channelsLast;
        this.outputs = outputs;
    }

    /**
     * @param shape of one sample, channels first
     * @throws InputException when the network takes no such samples or tells other than {@code
     *     classCount} classes
     */
    static InputForm of(Network network, int[] shape, int classCount) {
        RuntimeException refusal = null;
        for (InputForm form : candidates(shape, network.channelsLast())) {
            try (INDArray probe = Nd4j.zeros(DataType.FLOAT, form.batchShape(1));
                    INDArray output = network.output(probe)) {
                int outputs = (int) output.length();
                if (output.rank() != 2
                        || outputs != classCount && !(outputs == 1 && classCount == 2)) {
                    throw new InputException(
                            "The model gives "
                                    + output.length()
                                    + " numbers for a sample where the data set has "
                                    + classCount
                                    + " classes: the two must agree.");
                }
                return new InputForm(form.shape, form.channelsLast, outputs);
            } catch (InputException e) {
                throw e;
            } catch (RuntimeException e) {
                // what was wrong with the size says more than what was wrong with the form
                refusal = refusal == null || isOfForm(refusal) ? e : refusal;
            }
        }
        throw new InputException(
                "The model does not take the data set's samples of shape "
                        + Arrays.toString(shape)
                        + " (channels first): "
                        + Dl4jFile.firstLine(refusal)
                        + ".",
                refusal);
    }

    private static boolean isOfForm(RuntimeException e) {
        return String.valueOf(e.getMessage()).contains("rank");
    }

    private static List<InputForm> candidates(int[] shape, boolean channelsLast) {
        InputForm flat =
                new InputForm(
                        new long[] {Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b)},
                        false);
        if (shape.length == 3 && channelsLast) {
            return List.of(flat, new InputForm(new long[] {shape[1], shape[2], shape[0]}, true));
        }
        InputForm own = new InputForm(Arrays.stream(shape).asLongStream().toArray(), false);
        return shape.length == 1 ? List.of(flat) : List.of(flat, own);
    }

    /**
     * Numbers that the network gives for a sample: one for each class, or one alone which is the
     * probability of the second of two.
     */
    int outputs() {
        return outputs;
    }

    long[] batchShape(int size) {
        long[] batch = new long[shape.length + 1];
        batch[0] = size;
        System.arraycopy(shape, 0, batch, 1, shape.length);
        return batch;
    }

    int featureCount() {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return (int) count;
    }

    /** Writes one sample in this form. */
    void put(Samples samples, int position, float[] into, int offset) {
        samples.features(position, into, offset);
        if (channelsLast && shape[2] > 1) {
            int channels = (int) shape[2];
            int pixels = (int) (shape[0] * shape[1]);
            float[] planes = Arrays.copyOfRange(into, offset, offset + channels * pixels);
            for (int pixel = 0; pixel < pixels; pixel++) {
                for (int channel = 0; channel < channels; channel++) {
                    into[offset + pixel * channels + channel] = planes[channel * pixels + pixel];
                }
            }
        }
    }
}
