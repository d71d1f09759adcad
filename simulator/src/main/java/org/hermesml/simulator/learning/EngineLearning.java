package org.hermesml.simulator.learning;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hermesml.simulator.Workload;
import org.hermesml.training.AveragingEngine;
import org.hermesml.training.Engine;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.Engine.TrainingResult;
import org.hermesml.training.Engines;
import org.hermesml.training.Samples;
import org.hermesml.training.data.HeldOut;

/**
 * Trains with real engines: when the result is asked for, or before, where a core is free then, so
 * that bouts that overlap in virtual time are computed side by side. For one run, on its thread.
 */
public final class EngineLearning implements Learning {
    private final Workload workload;
    private final double tailAverage;
    private final float[] initialWeights;
    private final Deque<Engine> idle = new ArrayDeque<>();
    private final Cores cores;
    private final Set<FutureTask<?>> begun = new HashSet<>();
    private boolean closed;

    /**
     * Waits for a core, which is the run's until it is closed.
     *
     * @param tailAverage as the setting has it
     */
    public EngineLearning(Workload workload, double tailAverage, Cores cores) {
        this.workload = workload;
        this.tailAverage = tailAverage;
        this.initialWeights = workload.initialWeights();
        this.cores = cores;
        cores.enter();
    }

    @Override
    public int parameterCount() {
        return initialWeights.length;
    }

    @Override
    public long travellingParameters() {
        return initialWeights.length;
    }

    @Override
    public float[] initialWeights() {
        return initialWeights;
    }

    @Override
    public Supplier<Trained> train(Bout bout) {
        return begin(engine -> train(engine, bout));
    }

    @Override
    public Supplier<Evaluation> evaluate(float[] weights) {
        return evaluate(weights, workload.heldOut());
    }

    @Override
    public Supplier<Evaluation> evaluateQuarter(float[] weights, long seed) {
        return evaluate(weights, HeldOut.quarter(workload.heldOut(), seed));
    }

    private Supplier<Evaluation> evaluate(float[] weights, Samples on) {
        return begin(
                engine -> {
                    engine.writeParameters(weights);
                    return engine.evaluate(on);
                });
    }

    @Override
    public Evaluation test(float[] weights) {
        return with(
                engine -> {
                    engine.writeParameters(weights);
                    return engine.evaluate(workload.test());
                });
    }

    private Trained train(Engine engine, Bout bout) {
        engine.writeParameters(bout.weights());
        TrainingResult result =
                engine.train(
                        bout.flipped()
                                ? new FlippedLabels(workload.training())
                                : workload.training(),
                        bout.samples(),
                        bout.epochs(),
                        bout.miniBatch(),
                        bout.seed());
        float[] weights = new float[initialWeights.length];
        engine.readParameters(weights);
        Evaluation heldOut =
                switch (bout.heldOut()) {
                    case NONE -> null;
                    case ALL -> engine.evaluate(workload.heldOut());
                    case QUARTER ->
                            engine.evaluate(HeldOut.quarter(workload.heldOut(), bout.seed()));
                };
        return new Trained(weights, result.loss(), heldOut);
    }

    private <T> Supplier<T> begin(Function<Engine, T> work) {
        FutureTask<T> bout = new FutureTask<>(() -> with(work));
        begun.add(bout);
        cores.offer(bout);
        return () -> result(bout);
    }

    private <T> T result(FutureTask<T> bout) {
        begun.remove(bout);
        // With every core busy nobody else takes it from there, and it holds a whole model.
        cores.withdraw(Set.of(bout));
        bout.run(); // does nothing where another thread has begun with it
        while (!bout.isDone()) {
            FutureTask<?> other = cores.poll();
            if (other == null) {
                break;
            }
            other.run();
        }
        try {
            return bout.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("Training failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a training thread.", e);
        }
    }

    private <T> T with(Function<Engine, T> work) {
        Engine engine = take();
        try {
            return work.apply(engine);
        } finally {
            give(engine);
        }
    }

    private Engine take() {
        synchronized (idle) {
            if (!idle.isEmpty()) {
                return idle.pop();
            }
        }
        return AveragingEngine.of(
                Engines.open(workload.definition(), workload.terms()), tailAverage);
    }

    private void give(Engine engine) {
        synchronized (idle) {
            if (!closed) {
                idle.push(engine);
                return;
            }
        }
        engine.close();
    }

    @Override
    public void close() {
        cores.withdraw(begun);
        cores.leave();
        synchronized (idle) {
            closed = true;
            idle.forEach(Engine::close);
            idle.clear();
        }
    }
}
