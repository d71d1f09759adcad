package org.hermesml.training.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.dense.Activation;
import org.hermesml.training.dense.DenseNetwork;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;

/**
 * Tells whether a model is nothing but dense layers with softmax at the end and plain SGD, and
 * takes it apart then. What it does not know, it refuses: the tensor library trains that.
 */
public final class DenseReader {
    /**
     * One of the two is there.
     *
     * @param refusal what is in the way, as the rest of "the model has"
     */
    public record Reading(Optional<DenseNetwork> network, Optional<String> refusal) {}

    /** Internal: ends a reading. */
    private static final class Refused extends Exception {
        private Refused(String what) {
            super(what, null, false, false);
        }
    }

    /**
     * The library must have been started.
     *
     * @throws org.hermesml.core.InputException when the bytes are no model at all
     */
    public static Reading read(ModelDefinition model) {
        Network network = Dl4jFile.read(model.bytes());
        try {
            if (!(network instanceof LayeredNetwork layered)) {
                throw new Refused("a graph of layers");
            }
            return new Reading(Optional.of(take(layered)), Optional.empty());
        } catch (Refused e) {
            return new Reading(Optional.empty(), Optional.of(e.getMessage()));
        } finally {
            network.model().close();
        }
    }

    private static DenseNetwork take(LayeredNetwork layered) throws Refused {
        MultiLayerConfiguration all = layered.network().getLayerWiseConfigurations();
        refuse(all.getBackpropType() != BackpropType.Standard, "backpropagation through time");
        List<DenseNetwork.Layer> layers = new ArrayList<>();
        List<Double> rates = new ArrayList<>();
        int count = all.getConfs().size();
        double clip = 0;
        for (int i = 0; i < count; i++) {
            NeuralNetConfiguration one = all.getConf(i);
            refuse(
                    !one.isMiniBatch()
                            || !one.isMinimize()
                            || one.getStepFunction() != null
                            || one.getOptimizationAlgo()
                                    != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT,
                    "an optimiser other than plain SGD");
            Layer layer = one.getLayer();
            boolean last = i == count - 1;
            refuse(
                    layer.getClass() != (last ? OutputLayer.class : DenseLayer.class),
                    "a layer of the kind " + layer.getClass().getSimpleName());
            FeedForwardLayer dense = (FeedForwardLayer) layer;
            rates.add(learningRate(dense));
            if (last) {
                clip = clip((OutputLayer) layer);
            }
            layers.add(layer(dense, last));
        }
        refuse(!all.getInputPreProcessors().isEmpty(), "an input preprocessor");
        refuse(rates.stream().distinct().count() > 1, "more than one learning rate");
        float[] parameters = new float[Math.toIntExact(layered.parameters().length())];
        MiniBatch.get(layered.parameters(), parameters);
        return new DenseNetwork(layers, rates.get(0), clip, parameters);
    }

    private static DenseNetwork.Layer layer(FeedForwardLayer dense, boolean last) throws Refused {
        refuse(
                dense.getNIn() > DenseNetwork.MOST_INPUTS,
                "more than " + DenseNetwork.MOST_INPUTS + " inputs");
        refuse(dense instanceof DenseLayer hidden && hidden.hasLayerNorm(), "layer normalisation");
        boolean bias =
                dense instanceof DenseLayer hidden
                        ? hidden.hasBias()
                        : ((OutputLayer) dense).hasBias();
        return new DenseNetwork.Layer(
                Math.toIntExact(dense.getNIn()),
                Math.toIntExact(dense.getNOut()),
                bias,
                last ? Activation.IDENTITY : activation(dense.getActivationFn()));
    }

    private static double learningRate(FeedForwardLayer layer) throws Refused {
        refuse(layer.getIDropout() != null, "dropout");
        refuse(filled(layer.getConstraints()), "constraints of its parameters");
        refuse(layer.getWeightNoise() != null, "weight noise");
        refuse(
                filled(layer.getRegularization()) || filled(layer.getRegularizationBias()),
                "regularisation");
        refuse(
                layer.getGradientNormalization() != null
                        && layer.getGradientNormalization() != GradientNormalization.None,
                "gradient normalisation");
        double rate = learningRate(layer.getIUpdater());
        refuse(
                layer.getBiasUpdater() != null && learningRate(layer.getBiasUpdater()) != rate,
                "more than one learning rate");
        return rate;
    }

    private static double learningRate(IUpdater updater) throws Refused {
        if (updater instanceof Sgd sgd && sgd.getLearningRateSchedule() == null) {
            return sgd.getLearningRate();
        }
        throw new Refused("an optimiser other than plain SGD");
    }

    private static double clip(OutputLayer layer) throws Refused {
        ILossFunction function = layer.getLossFn();
        boolean known =
                function.getClass() == LossMCXENT.class
                        || function.getClass() == LossNegativeLogLikelihood.class;
        refuse(
                !known || !(layer.getActivationFn() instanceof ActivationSoftmax),
                "an output other than softmax with cross entropy");
        LossMCXENT entropy = (LossMCXENT) function;
        refuse(entropy.getWeights() != null, "weights of its classes");
        return entropy.getSoftmaxClipEps();
    }

    private static Activation activation(IActivation function) throws Refused {
        if (function instanceof ActivationIdentity) {
            return Activation.IDENTITY;
        }
        if (function instanceof ActivationTanH) {
            return Activation.TANH;
        }
        if (function instanceof ActivationSigmoid) {
            return Activation.SIGMOID;
        }
        if (new ActivationReLU().equals(function)) {
            return Activation.RELU;
        }
        throw new Refused("the activation function " + function);
    }

    private static boolean filled(List<?> list) {
        return list != null && !list.isEmpty();
    }

    private static void refuse(boolean refused, String what) throws Refused {
        if (refused) {
            throw new Refused(what);
        }
    }

    private DenseReader() {}
}
