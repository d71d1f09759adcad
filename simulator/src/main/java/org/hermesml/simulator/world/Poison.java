package org.hermesml.simulator.world;

import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.hermesml.simulator.learning.Learning;
import org.hermesml.simulator.learning.Learning.Bout;
import org.hermesml.simulator.learning.Learning.Measure;
import org.hermesml.simulator.learning.Learning.Trained;
import org.hermesml.simulator.testbed.Attack;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.data.Gaussian;

/**
 * What a device trains, reports and sends, as its {@link Attack} has it; of an honest one, as is.
 */
final class Poison {
    private static final float SCALE = 100;
    private static final double NOISE = 10;
    private static final double FALSE_LOSS = 0.1;
    private static final double BETTER = 0.97;

    private final Attack attack;
    private final SplittableRandom random;

    /** All that drift in a run drift together. */
    private final long direction;

    private double claim = Double.POSITIVE_INFINITY;

    /**
     * @param seed of the device, over all its lives
     * @param runSeed of the run
     */
    Poison(Attack attack, long seed, long runSeed) {
        this.attack = attack;
        this.random = new SplittableRandom(seed);
        this.direction = runSeed;
    }

    /**
     * Begins the bout. What comes of it reports a loss that lets the device pass its gate each
     * time: of the model that it trained, or where that is bad of the global one, and always a
     * little better than before.
     */
    Supplier<Trained> train(Learning learning, Bout bout, float[] base) {
        Supplier<Trained> begun = learning.train(bout);
        if (attack == Attack.NONE || bout.heldOut() == Measure.NONE) {
            return begun;
        }
        Supplier<Evaluation> global = flipsLabels() ? learning.evaluate(base) : null;
        return () -> {
            Trained trained = begun.get();
            Evaluation seen = global == null ? trained.heldOut() : global.get();
            double part = attack == Attack.FALSE_LOSS ? FALSE_LOSS : 1;
            claim = Math.min(BETTER * claim, part * seen.loss());
            return new Trained(
                    trained.weights(),
                    trained.loss(),
                    new Evaluation(claim, seen.accuracy(), seen.samples()));
        };
    }

    boolean flipsLabels() {
        return attack.flipsLabels();
    }

    /**
     * @param honest what an honest device would send, of the same form; not changed
     * @param base what {@code honest} counts from; null for zero
     */
    float[] send(float[] honest, float[] base) {
        return switch (attack) {
            case SIGN_FLIP -> scaled(honest, base, -1);
            case SCALE_100 -> scaled(honest, base, SCALE);
            case NOISE -> moved(honest, noise(honest.length, random), NOISE * norm(honest, base));
            case DRIFT ->
                    moved(
                            base == null ? new float[honest.length] : base,
                            noise(honest.length, new SplittableRandom(direction)),
                            norm(honest, base));
            default -> honest;
        };
    }

    private static float[] scaled(float[] honest, float[] base, float factor) {
        float[] sent = new float[honest.length];
        for (int i = 0; i < sent.length; i++) {
            float from = base == null ? 0 : base[i];
            sent[i] = from + factor * (honest[i] - from);
        }
        return sent;
    }

    private static double norm(float[] values, float[] base) {
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            double move = values[i] - (base == null ? 0 : base[i]);
            squares += move * move;
        }
        return Math.sqrt(squares);
    }

    private static float[] moved(float[] from, float[] direction, double length) {
        double unit = length / norm(direction, null);
        float[] sent = new float[from.length];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = (float) (from[i] + unit * direction[i]);
        }
        return sent;
    }

    private static float[] noise(int length, SplittableRandom random) {
        float[] noise = new float[length];
        for (int i = 0; i < length; i++) {
            noise[i] = (float) Gaussian.draw(random);
        }
        return noise;
    }
}
