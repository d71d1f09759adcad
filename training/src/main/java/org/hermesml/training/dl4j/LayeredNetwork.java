package org.hermesml.training.dl4j;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.hermesml.core.InputException;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One layer after the other. */
record LayeredNetwork(MultiLayerNetwork network, boolean channelsLast) implements Network {
    @Override
    public Model model() {
        return network;
    }

    @Override
    public INDArray parameters() {
        return network.params();
    }

    @Override
    public void fit(INDArray features, INDArray labels) {
        network.fit(features, labels);
    }

    @Override
    public INDArray output(INDArray features) {
        return network.output(features, false);
    }

    @Override
    public void setLearningRate(double rate) {
        network.setLearningRate(rate);
    }

    @Override
    public double score() {
        return network.score();
    }

    @Override
    public BaseLayer outputLayer() {
        Layer last = network.getOutputLayer().conf().getLayer();
        if (last instanceof BaseLayer layer) {
            return layer;
        }
        throw new InputException(
                "The model ends in a layer without a loss function ("
                        + last.getClass().getSimpleName()
                        + "): it must end in an output layer.");
    }
}
