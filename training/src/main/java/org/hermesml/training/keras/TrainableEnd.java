package org.hermesml.training.keras;

import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.hermesml.core.InputException;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Gives an imported model the loss that training needs: in Keras a loss stands beside the layers,
 * here it belongs to the last one.
 */
final class TrainableEnd {
    /**
     * The last layer's activation.
     *
     * @throws InputException when no loss can follow that layer
     */
    static IActivation activation(Layer last) {
        if (last instanceof ConvolutionLayer) {
            return new ActivationIdentity();
        }
        if (last instanceof DenseLayer dense) {
            return dense.getActivationFn();
        }
        if (last instanceof ActivationLayer activation) {
            return activation.getActivationFn();
        }
        throw new InputException(
                "The Keras model ends in the layer '"
                        + last.getLayerName()
                        + "' ("
                        + last.getClass().getSimpleName()
                        + "), which tells no classes: it must end in Dense, or in an Activation after it.");
    }

    /** Whether {@link #of} gives a layer that follows the last one, not one in its place. */
    static boolean follows(Layer last) {
        return last instanceof ConvolutionLayer;
    }

    /**
     * The last layer as one with a loss; its parameters lie as before.
     *
     * @param outputs of the model
     */
    static Layer of(Layer last, KerasLoss.Chosen loss, long outputs) {
        IActivation activation = loss.activation(activation(last));
        ILossFunction function = loss.loss().function(outputs);
        if (last instanceof DenseLayer dense) {
            OutputLayer output =
                    new OutputLayer.Builder(function)
                            .nIn(dense.getNIn())
                            .nOut(dense.getNOut())
                            .hasBias(dense.hasBias())
                            .build();
            copy(dense, output);
            output.setActivationFn(activation);
            return output;
        }
        if (last instanceof ConvolutionLayer convolution) {
            CnnLossLayer output =
                    new CnnLossLayer.Builder(function)
                            .format(convolution.getCnn2dDataFormat())
                            .build();
            plain(output, last.getLayerName() + "_loss");
            output.setActivationFn(activation);
            return output;
        }
        LossLayer output = new LossLayer.Builder(function).build();
        plain(output, last.getLayerName());
        output.setActivationFn(activation);
        return output;
    }

    private static void copy(BaseLayer from, BaseLayer to) {
        to.setLayerName(from.getLayerName());
        to.setIDropout(from.getIDropout());
        to.setConstraints(from.getConstraints());
        to.setWeightInitFn(from.getWeightInitFn());
        to.setBiasInit(from.getBiasInit());
        to.setGainInit(from.getGainInit());
        to.setRegularization(from.getRegularization());
        to.setRegularizationBias(from.getRegularizationBias());
        to.setIUpdater(from.getIUpdater());
        to.setBiasUpdater(from.getBiasUpdater());
        to.setWeightNoise(from.getWeightNoise());
        to.setGradientNormalization(from.getGradientNormalization());
        to.setGradientNormalizationThreshold(from.getGradientNormalizationThreshold());
    }

    /** What a layer without parameters must have all the same. */
    private static void plain(BaseLayer layer, String name) {
        layer.setLayerName(name);
        layer.setIUpdater(new NoOp());
        layer.setGradientNormalization(GradientNormalization.None);
    }

    private TrainableEnd() {}
}
