package org.hermesml.cli.local;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A process that is started again whenever it ends before it is released. Any thread may call. */
public final class KeptProcess {
    /** What its keeper makes of its ends; called by one thread at a time. */
    public interface Keeper {
        /**
         * It ended.
         *
         * @param pause before its next start, as {@link Restarts} has it
         * @return the pause that is made; empty where it is not started again
         */
        Optional<Duration> ended(ChildProcess process, int code, Duration pause);

        /** It could not be started again; that is tried once more later. */
        void notStarted(RuntimeException fault);
    }

    private final Supplier<ChildProcess> start;
    private final ScheduledExecutorService starter;
    private final Keeper keeper;
    private final Restarts restarts = new Restarts();
    private ChildProcess process;
    private boolean released;

    /**
     * Starts it; a fault of that is thrown.
     *
     * @param starter starts it again; to be closed after the release
     */
    public KeptProcess(
            Supplier<ChildProcess> start, ScheduledExecutorService starter, Keeper keeper) {
        this.start = start;
        this.starter = starter;
        this.keeper = keeper;
        launch();
    }

    /** The process of now; it may have ended already. */
    public synchronized ChildProcess process() {
        return process;
    }

    /** From now on it is not started again; the process of now goes on, and is for the caller. */
    public synchronized ChildProcess release() {
        released = true;
        return process;
    }

    private synchronized void launch() {
        if (released) {
            return;
        }
        restarts.started(System.nanoTime());
        process = start.get();
        ChildProcess started = process;
        started.onExit().thenAccept(code -> ended(started, code));
    }

    private synchronized void ended(ChildProcess which, int code) {
        if (!released) {
            keeper.ended(which, code, restarts.ended(System.nanoTime())).ifPresent(this::again);
        }
    }

    private void again(Duration pause) {
        starter.schedule(this::tryAgain, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void tryAgain() {
        try {
            launch();
        } catch (RuntimeException e) {
            keeper.notStarted(e);
            again(restarts.ended(System.nanoTime()));
        }
    }
}
