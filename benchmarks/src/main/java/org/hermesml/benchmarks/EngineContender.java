package org.hermesml.benchmarks;

import org.hermesml.core.settings.EngineNames;
import org.hermesml.training.Engine;
import org.hermesml.training.EngineTerms;
import org.hermesml.training.Engines;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.Models;
import org.hermesml.training.Samples;
import org.hermesml.training.data.SamplesView;

/** One of our engines, called as a worker calls it: samples are unpacked, shuffled and fed. */
final class EngineContender implements Contender {
    private static final double LEARNING_RATE = 0.01;

    private final String name;
    private final Engine engine;
    private final Samples samples;
    private final int miniBatch;
    private long seed;

    EngineContender(String name, Net net, Samples samples, int miniBatch) {
        this.name = name;
        this.engine = open(name, net, samples);
        this.samples = samples;
        this.miniBatch = miniBatch;
    }

    static Engine open(String name, Net net, Samples samples) {
        ModelDefinition model =
                Models.open(
                        net.model(),
                        samples.featureShape(),
                        samples.classCount(),
                        LEARNING_RATE,
                        1,
                        Models.Wishes.ofEngine(name));
        return Engines.open(model, new EngineTerms(name, LEARNING_RATE, 1));
    }

    /** Whether an engine takes the network. */
    static boolean takes(String name, Net net) {
        return !name.equals(EngineNames.DENSE) || net == Net.MLP;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void train(int steps) {
        int[] drawn = new int[steps * miniBatch];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = i % samples.count();
        }
        engine.train(samples, drawn, 1, miniBatch, seed++);
    }

    @Override
    public void evaluate(int batches) {
        int count = Math.min(batches * miniBatch, samples.count());
        Samples part =
                new SamplesView(samples) {
                    @Override
                    public int count() {
                        return count;
                    }
                };
        for (int done = 0; done < batches * miniBatch; done += count) {
            engine.evaluate(part);
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
