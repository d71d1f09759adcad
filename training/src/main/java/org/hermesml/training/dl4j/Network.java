package org.hermesml.training.dl4j;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The two kinds of network that DL4J has, as far as they differ: one input, one output. */
sealed interface Network permits LayeredNetwork, GraphNetwork {
    Model model();

    /** All parameters, flat; a view, never a copy. */
    INDArray parameters();

    /** One step of the optimiser on one mini-batch. */
    void fit(INDArray features, INDArray labels);

    /** Output in evaluation mode; the caller closes it. */
    INDArray output(INDArray features);

    /** Of all layers; a schedule that they have goes. */
    void setLearningRate(double rate);

    /** Loss of the last mini-batch, before its step. */
    double score();

    /** The layer whose activation and loss function count. */
    BaseLayer outputLayer();

    /** Images with their channels as the last dimension. */
    boolean channelsLast();
}
