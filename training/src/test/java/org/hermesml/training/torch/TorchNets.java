package org.hermesml.training.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.hermesml.core.settings.EngineNames;
import org.hermesml.training.Engine;
import org.hermesml.training.EngineTerms;
import org.hermesml.training.Engines;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.Models;
import org.hermesml.training.Samples;
import org.hermesml.training.data.Digits;

/** Networks to try the engine on, and samples for them. */
final class TorchNets {
    static final int[] SHAPE = {1, 28, 28};
    static final EngineTerms TERMS = new EngineTerms(EngineNames.AUTO, 0.1, 1);
    static final Samples DIGITS = Digits.make(11, 600, 200).train();
    static final Samples OTHERS = Digits.make(11, 600, 200).test();

    static ModelDefinition builtIn(String name, double rate) {
        return Models.open(name, SHAPE, 10, rate, 5, Models.Wishes.ofEngine(EngineNames.PYTORCH));
    }

    static Engine open(byte[] file) {
        return Engines.open(new ModelDefinition(Engines.TORCHSCRIPT, file), TERMS);
    }

    static List<ScriptLayer> small() {
        SplittableRandom random = new SplittableRandom(3);
        return new ArrayList<>(
                List.of(
                        ScriptLayer.flatten(),
                        ScriptLayer.dense(784, 32, 2, random),
                        ScriptLayer.relu(),
                        ScriptLayer.dense(32, 10, 1, random)));
    }

    static byte[] withDropout(double rate) {
        List<ScriptLayer> layers = small();
        layers.add(3, ScriptLayer.dropout(rate));
        return ScriptFile.write(layers);
    }

    static byte[] normalised() {
        SplittableRandom random = new SplittableRandom(3);
        return ScriptFile.write(
                List.of(
                        ScriptLayer.convolution(1, 16, 5, 0, random),
                        ScriptLayer.batchNormalisation(16),
                        ScriptLayer.relu(),
                        ScriptLayer.pooling(),
                        ScriptLayer.flatten(),
                        ScriptLayer.dense(16 * 12 * 12, 10, 1, random)));
    }

    static byte[] withEverything() {
        SplittableRandom random = new SplittableRandom(3);
        return ScriptFile.write(
                List.of(
                        ScriptLayer.convolution(1, 8, 5, 0, random),
                        ScriptLayer.batchNormalisation(8),
                        ScriptLayer.relu(),
                        ScriptLayer.pooling(),
                        ScriptLayer.flatten(),
                        ScriptLayer.dropout(0.2),
                        ScriptLayer.dense(8 * 12 * 12, 32, 2, random),
                        ScriptLayer.batchNormalisation(32),
                        ScriptLayer.relu(),
                        ScriptLayer.dense(32, 10, 1, random)));
    }

    private TorchNets() {}
}
