package org.hermesml.training.keras;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.hermesml.core.InputException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;

/** A network just imported, on its way to one that can be trained; its configuration is changed. */
sealed interface Imported {
    Model model();

    /** Configurations of all layers. */
    List<NeuralNetConfiguration> layers();

    /** The one that gives the model's output. */
    Layer last();

    /** How many numbers the model gives for a sample, or for a place of it. */
    long outputs();

    /** Puts {@code end} in place of the last layer, or after it. */
    void end(Layer end, boolean follows);

    /** A new network of the configuration as it is now. */
    Model with(INDArray parameters);

    static Imported of(Model model) {
        return model instanceof ComputationGraph graph
                ? new Graph(graph)
                : new Stack((MultiLayerNetwork) model);
    }

    /**
     * Sets the optimiser of all layers.
     *
     * @param frozen names of the layers that keep their parameters
     */
    default void optimise(IUpdater updater, Set<String> frozen) {
        for (NeuralNetConfiguration one : layers()) {
            Layer layer = one.getLayer();
            if (layer instanceof BaseLayer trainable) {
                boolean still = frozen.contains(layer.getLayerName());
                trainable.setIUpdater(still ? new NoOp() : updater.clone());
                trainable.setBiasUpdater(null);
                if (still) {
                    // decay would move them
                    trainable.setRegularization(List.of());
                    trainable.setRegularizationBias(List.of());
                }
            }
            // the import writes what drops nothing, and training stumbles over that
            if (layer.getIDropout() instanceof Dropout dropout && dropout.getP() == 1) {
                layer.setIDropout(null);
            }
        }
    }

    /** Layers one after the other. */
    record Stack(MultiLayerNetwork model) implements Imported {
        private MultiLayerConfiguration configuration() {
            return model.getLayerWiseConfigurations();
        }

        @Override
        public List<NeuralNetConfiguration> layers() {
            return configuration().getConfs();
        }

        @Override
        public Layer last() {
            return layers().get(layers().size() - 1).getLayer();
        }

        @Override
        public long outputs() {
            for (int i = layers().size() - 1; i >= 0; i--) {
                if (layers().get(i).getLayer() instanceof FeedForwardLayer layer) {
                    return layer.getNOut();
                }
            }
            throw new InputException("The Keras model has no layer with weights.");
        }

        @Override
        public void end(Layer end, boolean follows) {
            NeuralNetConfiguration last = layers().get(layers().size() - 1);
            if (!follows) {
                last.setLayer(end);
                return;
            }
            NeuralNetConfiguration added = last.clone();
            added.setLayer(end);
            added.setVariables(new ArrayList<>());
            List<NeuralNetConfiguration> all = new ArrayList<>(layers());
            all.add(added);
            configuration().setConfs(all);
        }

        @Override
        public Model with(INDArray parameters) {
            MultiLayerNetwork network = new MultiLayerNetwork(configuration());
            network.init(parameters, false);
            return network;
        }
    }

    /** Layers joined as a graph. */
    record Graph(ComputationGraph model) implements Imported {
        private ComputationGraphConfiguration configuration() {
            return model.getConfiguration();
        }

        private String output() {
            List<String> outputs = configuration().getNetworkOutputs();
            if (outputs.size() != 1 || configuration().getNetworkInputs().size() != 1) {
                throw new InputException(
                        "The Keras model has "
                                + configuration().getNetworkInputs().size()
                                + " inputs and "
                                + outputs.size()
                                + " outputs: one of each is allowed.");
            }
            return outputs.get(0);
        }

        @Override
        public List<NeuralNetConfiguration> layers() {
            List<NeuralNetConfiguration> layers = new ArrayList<>();
            for (GraphVertex vertex : configuration().getVertices().values()) {
                if (vertex instanceof LayerVertex layer) {
                    layers.add(layer.getLayerConf());
                }
            }
            return layers;
        }

        private LayerVertex vertex(String name) {
            if (configuration().getVertices().get(name) instanceof LayerVertex vertex) {
                return vertex;
            }
            throw new InputException(
                    "The Keras model ends in '"
                            + name
                            + "', which joins layers and tells no classes: it must end in Dense, or in an"
                            + " Activation after it.");
        }

        @Override
        public Layer last() {
            return vertex(output()).getLayerConf().getLayer();
        }

        @Override
        public long outputs() {
            String name = output();
            while (!(vertex(name).getLayerConf().getLayer() instanceof FeedForwardLayer)) {
                name = configuration().getVertexInputs().get(name).get(0);
            }
            return ((FeedForwardLayer) vertex(name).getLayerConf().getLayer()).getNOut();
        }

        @Override
        public void end(Layer end, boolean follows) {
            String output = output();
            LayerVertex last = vertex(output);
            if (!follows) {
                last.getLayerConf().setLayer(end);
                last.setOutputVertex(true);
                return;
            }
            NeuralNetConfiguration added = last.getLayerConf().clone();
            added.setLayer(end);
            added.setVariables(new ArrayList<>());
            Map<String, List<String>> inputs = configuration().getVertexInputs();
            String name = end.getLayerName();
            LayerVertex vertex = new LayerVertex(added, null);
            vertex.setOutputVertex(true);
            last.setOutputVertex(false);
            configuration().getVertices().put(name, vertex);
            inputs.put(name, List.of(output));
            configuration().setNetworkOutputs(new ArrayList<>(List.of(name)));
        }

        @Override
        public Model with(INDArray parameters) {
            ComputationGraph network = new ComputationGraph(configuration());
            network.init(parameters, false);
            return network;
        }
    }
}
