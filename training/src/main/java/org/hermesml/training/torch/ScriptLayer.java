package org.hermesml.training.torch;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.hermesml.training.data.Gaussian;

/**
 * One layer of a TorchScript file that is written here.
 *
 * @param tensors what it owns, parameters first
 * @param code body of {@code forward(self, input)}, one statement a line, the last one returns
 */
record ScriptLayer(List<Tensor> tensors, List<String> code) {
    /**
     * @param kind how torch treats it
     * @param values in row-major order; null of a counter, which is one whole number, 0
     */
    record Tensor(String name, Kind kind, int[] shape, float[] values) {}

    enum Kind {
        PARAMETER,
        BUFFER
    }

    /**
     * @param gain variance of a weight times the inputs: 2 before ReLU, 1 before softmax
     */
    static ScriptLayer dense(int inputs, int outputs, double gain, SplittableRandom random) {
        return new ScriptLayer(
                weightAndBias(new int[] {outputs, inputs}, inputs, gain, random),
                List.of("return torch.linear(input, self.weight, self.bias)"));
    }

    /** Square kernel, stride 1; for images {@code [channels, height, width]}, before ReLU. */
    static ScriptLayer convolution(
            int inputs, int outputs, int kernel, int padding, SplittableRandom random) {
        return new ScriptLayer(
                weightAndBias(
                        new int[] {outputs, inputs, kernel, kernel},
                        inputs * kernel * kernel,
                        2,
                        random),
                List.of(
                        "return torch.conv2d(input, self.weight, self.bias, [1, 1], ["
                                + padding
                                + ", "
                                + padding
                                + "], [1, 1])"));
    }

    /** Greatest of each 2x2. */
    static ScriptLayer pooling() {
        return plain("return torch.max_pool2d(input, [2, 2], [2, 2], [0, 0], [1, 1], False)");
    }

    static ScriptLayer relu() {
        return plain("return torch.relu(input)");
    }

    static ScriptLayer flatten() {
        return plain("return torch.flatten(input, 1)");
    }

    static ScriptLayer softmax() {
        return plain("return torch.softmax(input, 1)");
    }

    static ScriptLayer logSoftmax() {
        return plain("return torch.log_softmax(input, 1)");
    }

    /** Changes no number, but how they lie in memory. */
    static ScriptLayer columnMajor() {
        return plain("return torch.t(torch.contiguous(torch.t(input)))");
    }

    static ScriptLayer dropout(double rate) {
        return plain("return torch.dropout(input, " + rate + ", self.training)");
    }

    /** With torch's usual momentum of 0.1. */
    static ScriptLayer batchNormalisation(int channels) {
        int[] shape = {channels};
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        return new ScriptLayer(
                List.of(
                        new Tensor("weight", Kind.PARAMETER, shape, ones),
                        new Tensor("bias", Kind.PARAMETER, shape, new float[channels]),
                        new Tensor(Statistics.MEAN, Kind.BUFFER, shape, new float[channels]),
                        new Tensor(Statistics.VARIANCE, Kind.BUFFER, shape, ones),
                        new Tensor("num_batches_tracked", Kind.BUFFER, new int[0], null)),
                List.of(
                        "if self.training:",
                        "  counted = torch.add_(self.num_batches_tracked, 1)",
                        "else:",
                        "  pass",
                        "return torch.batch_norm(input, self.weight, self.bias, self.running_mean,"
                                + " self.running_var, self.training, 0.1, 1e-05, True)"));
    }

    private static ScriptLayer plain(String line) {
        return new ScriptLayer(List.of(), List.of(line));
    }

    private static List<Tensor> weightAndBias(
            int[] shape, int fanIn, double gain, SplittableRandom random) {
        int count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        double deviation = Math.sqrt(gain / fanIn);
        float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            weights[i] = (float) (deviation * Gaussian.draw(random));
        }
        return List.of(
                new Tensor("weight", Kind.PARAMETER, shape, weights),
                new Tensor("bias", Kind.PARAMETER, new int[] {shape[0]}, new float[shape[0]]));
    }
}
