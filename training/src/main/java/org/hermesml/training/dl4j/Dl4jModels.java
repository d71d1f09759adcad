package org.hermesml.training.dl4j;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.hermesml.training.ArraySamples;
import org.hermesml.training.Engines;
import org.hermesml.training.ModelDefinition;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a Java program that builds its models with Deeplearning4j hands over. */
public final class Dl4jModels {
    /** With initial parameters drawn from the configuration's own seed. */
    public static ModelDefinition of(MultiLayerConfiguration configuration) {
        Dl4jRuntime.start();
        return taken(new MultiLayerNetwork(configuration));
    }

    /** With initial parameters drawn from the configuration's own seed. */
    public static ModelDefinition of(ComputationGraphConfiguration configuration) {
        Dl4jRuntime.start();
        return taken(new ComputationGraph(configuration));
    }

    private static ModelDefinition taken(Model network) {
        network.init();
        try {
            return of(network);
        } finally {
            network.close();
        }
    }

    /** A network as it is, with the state of its optimiser; it stays the caller's. */
    public static ModelDefinition of(Model network) {
        return new ModelDefinition(Engines.DL4J, Dl4jFile.write(network));
    }

    /**
     * Samples out of native arrays, which are copied.
     *
     * @param features {@code [samples, ...]}, images with channels first
     * @param labels {@code [samples, classes]}, one-hot
     * @throws org.hermesml.core.InputException when the two do not fit together
     */
    public static ArraySamples samples(INDArray features, INDArray labels) {
        int count = Math.toIntExact(features.size(0));
        int[] shape = Arrays.stream(features.shape()).skip(1).mapToInt(Math::toIntExact).toArray();
        float[] flat = features.castTo(DataType.FLOAT).dup('c').data().asFloat();
        int width = flat.length / Math.max(1, count);
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
        }
        int[] classes = labels.argMax(1).toIntVector();
        return ArraySamples.of(shape, Math.toIntExact(labels.size(1)), rows, classes);
    }

    private Dl4jModels() {}
}
