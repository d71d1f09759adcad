package org.hermesml.training.dl4j;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.hermesml.core.BuiltIns;
import org.hermesml.core.InputException;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The models that need no file. */
public final class BuiltInModels {
    /** A ModelSerializer zip with initial parameters drawn from {@code seed}. */
    public static byte[] make(
            String name, int[] featureShape, int classCount, double learningRate, long seed) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        switch (name) {
                            case BuiltIns.MLP -> mlp(featureShape, classCount, learningRate, seed);
                            case BuiltIns.CNN -> cnn(featureShape, classCount, learningRate, seed);
                            case BuiltIns.ALEXNET ->
                                    alexnet(featureShape, classCount, learningRate, seed);
                            default ->
                                    throw new InputException(
                                            "There is no built-in model '"
                                                    + name
                                                    + "': "
                                                    + String.join(", ", BuiltIns.MODELS)
                                                    + " are.");
                        });
        network.init();
        try {
            return Dl4jFile.write(network);
        } finally {
            network.close();
        }
    }

    private static NeuralNetConfiguration.Builder common(double learningRate, long seed) {
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(WeightInit.RELU)
                .activation(Activation.RELU)
                .updater(new Sgd(learningRate));
    }

    private static OutputLayer output(int classCount) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.SOFTMAX)
                .nOut(classCount)
                .build();
    }

    private static MultiLayerConfiguration mlp(
            int[] featureShape, int classCount, double learningRate, long seed) {
        return common(learningRate, seed)
                .list()
                .layer(new DenseLayer.Builder().nOut(128).build())
                .layer(new DenseLayer.Builder().nOut(64).build())
                .layer(output(classCount))
                .setInputType(
                        InputType.feedForward(
                                Arrays.stream(featureShape).reduce(1, Math::multiplyExact)))
                .build();
    }

    private static MultiLayerConfiguration cnn(
            int[] featureShape, int classCount, double learningRate, long seed) {
        requireImages(BuiltIns.CNN, featureShape);
        return common(learningRate, seed)
                .list()
                .layer(convolution(5, 0, 16))
                .layer(pooling())
                .layer(convolution(5, 0, 32))
                .layer(pooling())
                .layer(new DenseLayer.Builder().nOut(184).build())
                .layer(output(classCount))
                .setInputType(images(featureShape))
                .build();
    }

    /**
     * The stages of AlexNet (A. Krizhevsky, I. Sutskever, G. Hinton, ImageNet Classification with
     * Deep Convolutional Neural Networks, 2012) in a size for images of 32x32: five convolutions,
     * three poolings, three dense layers. 988,858 parameters for three channels and ten classes.
     */
    private static MultiLayerConfiguration alexnet(
            int[] featureShape, int classCount, double learningRate, long seed) {
        requireImages(BuiltIns.ALEXNET, featureShape);
        return common(learningRate, seed)
                .list()
                .layer(convolution(5, 2, 32))
                .layer(pooling())
                .layer(convolution(3, 1, 48))
                .layer(pooling())
                .layer(convolution(3, 1, 96))
                .layer(convolution(3, 1, 96))
                .layer(convolution(3, 1, 64))
                .layer(pooling())
                .layer(new DenseLayer.Builder().nOut(512).build())
                .layer(new DenseLayer.Builder().nOut(512).build())
                .layer(output(classCount))
                .setInputType(images(featureShape))
                .build();
    }

    private static void requireImages(String model, int[] featureShape) {
        if (featureShape.length != 3 || featureShape[1] < 16 || featureShape[2] < 16) {
            throw new InputException(
                    "The model "
                            + model
                            + " takes images of at least 16x16, not samples of shape "
                            + Arrays.toString(featureShape)
                            + ": use "
                            + BuiltIns.MLP
                            + ".");
        }
    }

    private static InputType images(int[] featureShape) {
        return InputType.convolutional(featureShape[1], featureShape[2], featureShape[0]);
    }

    private static ConvolutionLayer convolution(int kernel, int padding, int channels) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .padding(padding, padding)
                .nOut(channels)
                .build();
    }

    private static SubsamplingLayer pooling() {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(2, 2)
                .build();
    }

    private BuiltInModels() {}
}
