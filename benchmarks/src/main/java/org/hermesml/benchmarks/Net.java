package org.hermesml.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.hermesml.core.BuiltIns;
import org.hermesml.core.InputException;
import org.hermesml.training.Samples;
import org.hermesml.training.data.Digits;

/** A network that is measured, and samples for it. */
enum Net {
    MLP(BuiltIns.MLP, "784-128-64-10", 4096),
    CNN(BuiltIns.CNN, "28x28x1, 108K parameters", 2048),
    ALEXNET(BuiltIns.ALEXNET, "32x32x3, 989K parameters", 512);

    static final int CLASSES = 10;
    private static final int[] IMAGE = {3, 32, 32};

    private final String model;
    private final String shape;
    private final int count;

    Net(String model, String shape, int count) {
        this.model = model;
        this.shape = shape;
        this.count = count;
    }

    String model() {
        return model;
    }

    /** For people. */
    String shape() {
        return shape;
    }

    /**
     * Drawn digits; for the deep network colour noise, since every pixel of a photograph counts.
     */
    Samples samples() {
        return this == ALEXNET ? new Noise(count) : Digits.make(1, count, 0).train();
    }

    /**
     * @param names separated by commas
     * @throws InputException when one is unknown
     */
    static List<Net> of(String names) {
        return Arrays.stream(names.split(","))
                .map(
                        name ->
                                Arrays.stream(values())
                                        .filter(net -> net.model.equals(name.trim()))
                                        .findFirst()
                                        .orElseThrow(() -> unknown(name)))
                .toList();
    }

    private static InputException unknown(String name) {
        return new InputException(
                "--models '"
                        + name
                        + "' is not allowed; allowed: "
                        + Arrays.stream(values()).map(Net::model).collect(Collectors.joining(", "))
                        + ".");
    }

    /** The same numbers each time a sample is asked for. */
    private static final class Noise implements Samples {
        private final int count;
        private final float[] values = new float[1 << 16];

        private Noise(int count) {
            this.count = count;
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextDouble();
            }
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public int[] featureShape() {
            return IMAGE.clone();
        }

        @Override
        public int classCount() {
            return CLASSES;
        }

        @Override
        public void features(int index, float[] into, int offset) {
            int length = featureCount();
            int from = index * 7919 % (values.length - length);
            System.arraycopy(values, from, into, offset, length);
        }

        @Override
        public int label(int index) {
            return index % CLASSES;
        }
    }
}
