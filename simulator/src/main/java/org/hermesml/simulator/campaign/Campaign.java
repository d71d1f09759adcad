package org.hermesml.simulator.campaign;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.hermesml.core.InputException;
import org.hermesml.simulator.RunTrace;
import org.hermesml.simulator.Simulated;
import org.hermesml.simulator.Watcher;

/**
 * Simulates the runs of a plan, several at a time. Each run depends on nothing but its own plan, so
 * that the results are the same whatever the number of threads and whichever ends first.
 */
public final class Campaign {
    private static final long LOOK_EVERY_MS = 100;

    private final List<PlannedRun> plan;
    private final RunSimulator simulator;
    private final int jobs;
    private final CampaignListener listener;
    private final BooleanSupplier cancelled;
    private final List<FinishedRun> finished = new ArrayList<>();

    /**
     * @param jobs runs at a time, at least 1
     * @param cancelled asked often, by any thread; what runs when it turns true is given up
     */
    public Campaign(
            List<PlannedRun> plan,
            RunSimulator simulator,
            int jobs,
            CampaignListener listener,
            BooleanSupplier cancelled) {
        this.plan = List.copyOf(plan);
        this.simulator = simulator;
        this.jobs = jobs;
        this.listener = listener;
        this.cancelled = cancelled;
    }

    /**
     * Returns when all runs have ended, or soon after it was cancelled, whatever still runs then.
     *
     * @return those that finished, in the order of the plan
     * @throws InputException when a run found bad input: no other would fare better
     */
    public List<FinishedRun> run() {
        ExecutorService threads = Executors.newFixedThreadPool(jobs, Campaign::thread);
        try {
            List<Future<?>> all = new ArrayList<>();
            plan.forEach(run -> all.add(threads.submit(() -> simulate(run))));
            for (Future<?> one : all) {
                if (!await(one)) {
                    break;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            threads.shutdownNow();
        }
        return soFar();
    }

    /** A thread that no end of the program waits for. */
    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "simulation");
        thread.setDaemon(true);
        return thread;
    }

    /** False when cancelled before. */
    private boolean await(Future<?> run) throws ExecutionException, InterruptedException {
        while (true) {
            try {
                run.get(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException e) {
                if (cancelled.getAsBoolean()) {
                    return false;
                }
            }
        }
    }

    /** What has finished so far, in the order of the plan; any thread. */
    public List<FinishedRun> soFar() {
        synchronized (finished) {
            return finished.stream().sorted(Comparator.comparingInt(f -> f.run().index())).toList();
        }
    }

    private void simulate(PlannedRun run) {
        if (cancelled.getAsBoolean()) {
            return;
        }
        tell(() -> listener.started(run));
        try {
            Simulated simulated = simulator.simulate(run, watcher(run));
            RunTrace trace = run.traced() ? TraceThinning.thin(simulated.trace()) : null;
            FinishedRun done = new FinishedRun(run, simulated.result(), trace);
            tell(
                    () -> {
                        finished.add(done);
                        listener.finished(done);
                    });
        } catch (CancellationException e) {
            // Given up as asked; half a run says nothing.
        } catch (InputException e) {
            throw e;
        } catch (RuntimeException e) {
            tell(() -> listener.failed(run, e));
        }
    }

    private Watcher watcher(PlannedRun run) {
        return new Watcher() {
            @Override
            public void progress(double seconds, double heldOutAccuracy) {
                tell(() -> listener.progress(run, seconds, heldOutAccuracy));
            }

            @Override
            public boolean cancelled() {
                return cancelled.getAsBoolean() || Thread.currentThread().isInterrupted();
            }
        };
    }

    private void tell(Runnable news) {
        synchronized (finished) {
            news.run();
        }
    }
}
