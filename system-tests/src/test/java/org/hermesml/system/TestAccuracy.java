package org.hermesml.system;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.hermesml.training.NativeCache;
import org.hermesml.training.Samples;
import org.hermesml.training.data.Datasets;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a model file achieves, measured with nothing but DL4J and the data set's test part. */
final class TestAccuracy {
    static {
        NativeCache.use(NativeCache.standard());
    }

    /**
     * @param seed of the data set, where it is made
     */
    static double of(Path model, String dataset, Path dataDir, long seed) throws IOException {
        Samples test = Datasets.open(dataset, dataDir, seed).test();
        float[] features = new float[test.count() * test.featureCount()];
        for (int i = 0; i < test.count(); i++) {
            test.features(i, features, i * test.featureCount());
        }
        MultiLayerNetwork network = ModelSerializer.restoreMultiLayerNetwork(model.toFile());
        int right = 0;
        try (INDArray batch =
                        Nd4j.createFromArray(features).reshape(test.count(), test.featureCount());
                INDArray predicted = network.output(batch).argMax(1)) {
            for (int i = 0; i < test.count(); i++) {
                right += predicted.getInt(i) == test.label(i) ? 1 : 0;
            }
        } finally {
            network.close();
        }
        return right / (double) test.count();
    }

    private TestAccuracy() {}
}
