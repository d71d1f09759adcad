package org.hermesml.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.hermesml.training.data.Dataset;
import org.hermesml.training.data.Datasets;
import org.hermesml.training.data.HeldOut;
import org.hermesml.training.data.Shuffle;
import org.hermesml.training.dl4j.Dl4jRuntime;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What the data sets ask of a model. */
class LearningTest {
    private static final int[] SHAPE = {1, 28, 28};

    @Test
    void digitsAreTooHardForALinearModel() throws Exception {
        double best = bestAccuracy(linear(), Datasets.open("digits", null, 1), 8, 1);
        assertTrue(best > 0.8 && best < 0.93, "held-out accuracy " + best);
    }

    @Test
    void digitsAreLearntByTheSmallNetwork() {
        double best =
                bestAccuracy(
                        Models.named("mlp", SHAPE, 10, 0.1, 1),
                        Datasets.open("digits", null, 1),
                        6,
                        0.97);
        assertTrue(best >= 0.97, "held-out accuracy " + best);
    }

    @Test
    void mnistIsLearntInAnEpoch() {
        Dataset mnist = Datasets.open("mnist", TestData.folder(), 1);
        assertTrue(mnist.train().count() == 60_000 && mnist.test().count() == 10_000);
        double best = bestAccuracy(Models.named("mlp", SHAPE, 10, 0.1, 1), mnist, 1, 1);
        assertTrue(best > 0.95, "held-out accuracy " + best);
    }

    @Test
    void aFewStepsLowerTheLossOfTheNetworkForColourImages() {
        Samples images = ColourNoise.make(64);
        try (Engine engine =
                Engines.open(Models.named("alexnet", images.featureShape(), 10, 0.02, 1), 1)) {
            double before = engine.evaluate(images).loss();
            engine.train(images, Shuffle.identity(images.count()), 5, 16, 1);
            double after = engine.evaluate(images).loss();
            assertTrue(after < before, before + " before, " + after + " after");
        }
    }

    /**
     * The best held-out accuracy after any of {@code epochs} passes; ends early at {@code enough}.
     */
    private static double bestAccuracy(
            ModelDefinition model, Dataset data, int epochs, double enough) {
        HeldOut.Cut cut = HeldOut.cut(data.train(), 2000, 1);
        int[] all = Shuffle.identity(cut.training().count());
        double best = 0;
        try (Engine engine = Engines.open(model, 1)) {
            for (int epoch = 0; epoch < epochs && best < enough; epoch++) {
                engine.train(cut.training(), all, 1, 16, epoch);
                best = Math.max(best, engine.evaluate(cut.heldOut()).accuracy());
            }
        }
        return best;
    }

    private static ModelDefinition linear() throws Exception {
        Dl4jRuntime.start();
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .seed(1)
                                .updater(new Sgd(0.1))
                                .list()
                                .layer(
                                        new OutputLayer.Builder(LossFunction.MCXENT)
                                                .activation(Activation.SOFTMAX)
                                                .nIn(784)
                                                .nOut(10)
                                                .build())
                                .build());
        network.init();
        var out = new java.io.ByteArrayOutputStream();
        ModelSerializer.writeModel(network, out, true);
        return new ModelDefinition(Engines.DL4J, out.toByteArray());
    }
}
