package org.hermesml.training.torch;

import static org.hermesml.training.torch.ScriptLayer.convolution;
import static org.hermesml.training.torch.ScriptLayer.flatten;
import static org.hermesml.training.torch.ScriptLayer.pooling;
import static org.hermesml.training.torch.ScriptLayer.relu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.hermesml.core.BuiltIns;
import org.hermesml.core.InputException;

/**
 * The built-in models as TorchScript files, for {@code engine=pytorch}: the same layers, other
 * initial weights, logits out. Written without torch.
 */
public final class TorchModels {
    private static final int SMALLEST_IMAGE = 16;

    /** Layers one after the other, for samples of one shape. */
    private static final class Stack {
        private final List<ScriptLayer> layers = new ArrayList<>();
        private final SplittableRandom random;
        private final int[] shape;

        private Stack(int[] featureShape, long seed) {
            this.shape = featureShape.clone();
            this.random = new SplittableRandom(seed);
        }

        private Stack convolve(int outputs, int kernel, int padding) {
            layers.add(convolution(shape[0], outputs, kernel, padding, random));
            layers.add(relu());
            shape[0] = outputs;
            shape[1] += 2 * padding + 1 - kernel;
            shape[2] += 2 * padding + 1 - kernel;
            return this;
        }

        private Stack pool() {
            layers.add(pooling());
            shape[1] /= 2;
            shape[2] /= 2;
            return this;
        }

        private byte[] dense(int classCount, int... hidden) {
            int inputs = Arrays.stream(shape).reduce(1, Math::multiplyExact);
            layers.add(flatten());
            for (int outputs : hidden) {
                layers.add(ScriptLayer.dense(inputs, outputs, 2, random));
                layers.add(relu());
                inputs = outputs;
            }
            layers.add(ScriptLayer.dense(inputs, classCount, 1, random));
            return ScriptFile.write(layers);
        }
    }

    /**
     * @param featureShape channels first
     * @throws InputException when there is no such model or it does not take such samples
     */
    public static byte[] make(String name, int[] featureShape, int classCount, long seed) {
        Stack stack = new Stack(featureShape, seed);
        if (!name.equals(BuiltIns.MLP)
                && (featureShape.length != 3
                        || featureShape[1] < SMALLEST_IMAGE
                        || featureShape[2] < SMALLEST_IMAGE)) {
            throw new InputException(
                    "The model "
                            + name
                            + " takes images of at least 16x16, not samples of shape "
                            + Arrays.toString(featureShape)
                            + ": use "
                            + BuiltIns.MLP
                            + ".");
        }
        return switch (name) {
            case BuiltIns.MLP -> stack.dense(classCount, 128, 64);
            case BuiltIns.CNN ->
                    stack.convolve(16, 5, 0)
                            .pool()
                            .convolve(32, 5, 0)
                            .pool()
                            .dense(classCount, 184);
            case BuiltIns.ALEXNET ->
                    stack.convolve(32, 5, 2)
                            .pool()
                            .convolve(48, 3, 1)
                            .pool()
                            .convolve(96, 3, 1)
                            .convolve(96, 3, 1)
                            .convolve(64, 3, 1)
                            .pool()
                            .dense(classCount, 512, 512);
            default -> throw new InputException("There is no built-in model '" + name + "'.");
        };
    }

    private TorchModels() {}
}
