package org.hermesml.training.dl4j;

import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.hermesml.core.InputException;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * The network's own loss function, computed from its output, so that loss and accuracy cost one
 * forward pass. For softmax with cross entropy, which nearly all classifiers have, in plain Java:
 * natural logarithm, summed in double.
 */
final class OutputLoss {
    private final ILossFunction function;
    private final boolean crossEntropy;
    private final double clip;

    OutputLoss(BaseLayer layer) {
        this.function = functionOf(layer);
        IActivation activation = layer.getActivationFn();
        if (function instanceof LossSparseMCXENT) {
            throw new InputException(
                    "The model's loss function "
                            + function
                            + " reads class numbers: use MCXENT or NEGATIVELOGLIKELIHOOD, which read one value for each class.");
        }
        if (function instanceof LossMCXENT entropy && activation instanceof ActivationSoftmax) {
            crossEntropy = entropy.getWeights() == null;
            clip = entropy.getSoftmaxClipEps();
        } else {
            crossEntropy = false;
            clip = 0;
        }
    }

    /**
     * Sum of the losses of a batch.
     *
     * @param values of {@code output}, {@code [batch, classes]}
     * @param labels one-hot, {@code [batch, classes]}
     */
    double sum(INDArray output, float[] values, INDArray labels, int[] classes, int count) {
        if (!crossEntropy) {
            // the output has passed its activation already
            return function.computeScore(labels, output, new ActivationIdentity(), null, false);
        }
        int width = values.length / count;
        double sum = 0;
        for (int i = 0; i < count; i++) {
            double probability = values[i * width + classes[i]];
            if (clip > 0) {
                probability = Math.max(clip, Math.min(1 - clip, probability));
            }
            sum -= Math.log(probability);
        }
        return sum;
    }

    private static ILossFunction functionOf(BaseLayer layer) {
        if (layer instanceof BaseOutputLayer output) {
            return output.getLossFn();
        }
        if (layer instanceof LossLayer output) {
            return output.getLossFn();
        }
        if (layer instanceof CnnLossLayer output) {
            return output.getLossFn();
        }
        throw new InputException(
                "The model ends in a layer without a loss function ("
                        + layer.getClass().getSimpleName()
                        + "): it must end in an output layer.");
    }
}
