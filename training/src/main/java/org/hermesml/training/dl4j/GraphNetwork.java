package org.hermesml.training.dl4j;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.hermesml.core.InputException;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Layers joined as a graph. */
record GraphNetwork(ComputationGraph network, boolean channelsLast) implements Network {
    GraphNetwork {
        if (network.getNumInputArrays() != 1 || network.getNumOutputArrays() != 1) {
            throw new InputException(
                    "The model has "
                            + network.getNumInputArrays()
                            + " inputs and "
                            + network.getNumOutputArrays()
                            + " outputs: one of each is allowed.");
        }
    }

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
        network.fit(new INDArray[] {features}, new INDArray[] {labels});
    }

    @Override
    public INDArray output(INDArray features) {
        return network.output(false, features)[0];
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
        String name = network.getConfiguration().getNetworkOutputs().get(0);
        if (network.getVertex(name).hasLayer()
                && network.getLayer(name).conf().getLayer() instanceof BaseLayer layer) {
            return layer;
        }
        throw new InputException(
                "The model's output '"
                        + name
                        + "' has no loss function: it must be an output layer.");
    }
}
