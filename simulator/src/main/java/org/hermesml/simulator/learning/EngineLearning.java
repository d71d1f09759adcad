package org.hermesml.simulator.learning;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hermesml.simulator.Workload;
import org.hermesml.training.AveragingEngine;
import org.hermesml.training.Engine;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.Engine.TrainingResult;
import org.hermesml.training.Engines;
import org.hermesml.training.data.HeldOut;

/**
 * Trains with real engines: with one thread when the result is asked for, with more as soon as the
 * bout begins, so that bouts that overlap in virtual time are computed side by side.
 */
public final class EngineLearning implements Learning {
    private final Workload workload;
    private final double tailAverage;
    private final float[] initialWeights;
    private final Deque<Engine> idle = new ArrayDeque<>();
    private final ExecutorService threads;

    /**
     * @param tailAverage as the setting has it
     */
    public EngineLearning(Workload workload, double tailAverage, int threads) {
        this.workload = workload;
        this.tailAverage = tailAverage;
        this.initialWeights = workload.initialWeights();
        this.threads = threads > 1 ? Executors.newFixedThreadPool(threads, this::thread) : null;
    }

    private Thread thread(Runnable work) {
        Thread thread = new Thread(work, "training");
        thread.setDaemon(true);
        return thread;
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
        return begin(
                engine -> {
                    engine.writeParameters(weights);
                    return engine.evaluate(workload.heldOut());
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
                        workload.training(),
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
        if (threads == null) {
            return () -> with(work);
        }
        Future<T> begun = threads.submit(() -> with(work));
        return () -> await(begun);
    }

    private static <T> T await(Future<T> begun) {
        try {
            return begun.get();
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
        return AveragingEngine.of(Engines.openFast(workload.definition(), 1), tailAverage);
    }

    private void give(Engine engine) {
        synchronized (idle) {
            idle.push(engine);
        }
    }

    @Override
    public void close() {
        if (threads != null) {
            threads.shutdownNow();
            boolean interrupted = false;
            while (!threads.isTerminated()) {
                try {
                    threads.awaitTermination(1, java.util.concurrent.TimeUnit.HOURS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        idle.forEach(Engine::close);
        idle.clear();
    }
}
