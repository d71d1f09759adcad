package org.hermesml.training.keras;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Turns an imported network with channels last into the same one with channels first. Convolutions
 * keep their weights as they are; a dense layer after images gets its rows in another order.
 */
final class ChannelsFirst {
    private static final String LAST = "\"" + CNN2DFormat.NHWC + "\"";
    private static final String FIRST = "\"" + CNN2DFormat.NCHW + "\"";
    private static final String WEIGHTS = "W";
    private static final int PROBES = 3;
    private static final double ROUNDING = 1e-4;

    /**
     * @return empty where the network has no channels last
     */
    static Optional<Model> of(Model imported) {
        return imported instanceof ComputationGraph graph
                ? of(graph)
                : of((MultiLayerNetwork) imported);
    }

    private static Optional<Model> of(MultiLayerNetwork imported) {
        MultiLayerConfiguration last = imported.getLayerWiseConfigurations();
        String json = last.toJson();
        if (!json.contains(LAST)) {
            return Optional.empty();
        }
        MultiLayerNetwork network =
                new MultiLayerNetwork(MultiLayerConfiguration.fromJson(json.replace(LAST, FIRST)));
        network.init(imported.params(), true);
        for (int i = 0; i < network.getnLayers(); i++) {
            reorder(network.getLayer(i), last.getInputPreProcess(i));
        }
        return Optional.of(network);
    }

    private static Optional<Model> of(ComputationGraph imported) {
        ComputationGraphConfiguration last = imported.getConfiguration();
        String json = last.toJson();
        if (!json.contains(LAST)) {
            return Optional.empty();
        }
        ComputationGraph network =
                new ComputationGraph(
                        ComputationGraphConfiguration.fromJson(json.replace(LAST, FIRST)));
        network.init(imported.params(), true);
        for (var vertex : last.getVertices().entrySet()) {
            if (vertex.getValue() instanceof LayerVertex layer) {
                InputPreProcessor before = layer.getPreProcessor();
                List<String> inputs = last.getVertexInputs().get(vertex.getKey());
                GraphVertex input = last.getVertices().get(inputs.get(0));
                if (before == null && input instanceof PreprocessorVertex own) {
                    before = own.getPreProcessor();
                }
                reorder(network.getLayer(vertex.getKey()), before);
            }
        }
        return Optional.of(network);
    }

    /**
     * @param before what stood before the layer with channels last; null: nothing
     */
    private static void reorder(Layer layer, InputPreProcessor before) {
        if (!(before instanceof CnnToFeedForwardPreProcessor flatten)
                || flatten.getFormat() != CNN2DFormat.NHWC
                || !layer.paramTable().containsKey(WEIGHTS)) {
            return;
        }
        INDArray weights = layer.getParam(WEIGHTS);
        long outputs = weights.size(1);
        INDArray rows =
                weights.dup('c')
                        .reshape(
                                'c',
                                flatten.getInputHeight(),
                                flatten.getInputWidth(),
                                flatten.getNumChannels(),
                                outputs)
                        .permute(2, 0, 1, 3)
                        .dup('c')
                        .reshape('c', weights.size(0), outputs);
        weights.assign(rows);
    }

    /**
     * Whether both give the same, up to rounding, for noise.
     *
     * @param shape of one sample, channels last
     */
    static boolean agree(Model last, Model first, long[] shape) {
        try (Random random = Nd4j.getRandomFactory().getNewRandomInstance(1)) {
            INDArray noise =
                    Nd4j.rand(random, new long[] {PROBES, shape[0], shape[1], shape[2]})
                            .castTo(DataType.FLOAT);
            INDArray expected = output(last, noise);
            INDArray found = output(first, noise.permute(0, 3, 1, 2).dup('c'));
            if (expected.rank() == 4) {
                found = found.permute(0, 2, 3, 1);
            }
            // not less also where one of the two is no number
            return expected.equalShapes(found)
                    && expected.sub(found).amaxNumber().doubleValue()
                            < ROUNDING * Math.max(1, expected.amaxNumber().doubleValue());
        } catch (java.lang.Exception e) {
            return false;
        }
    }

    private static INDArray output(Model model, INDArray input) {
        return model instanceof ComputationGraph graph
                ? graph.outputSingle(input)
                : ((MultiLayerNetwork) model).output(input);
    }

    private ChannelsFirst() {}
}
