package org.hermesml.cli.chaos;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.hermesml.cli.local.ChildCommand;
import org.hermesml.cli.local.ChildProcess;
import org.hermesml.cli.local.Restarts;

/** A device process that comes back under its own name when it ends, as a device that reboots. */
final class KeptDevice implements AutoCloseable {
    private static final Duration REBOOT = Duration.ofSeconds(1);
    private static final int KILLED = 137;

    private final Supplier<ChildCommand> command;
    private final ScheduledExecutorService starter;
    private final Consumer<String> words;
    private final Restarts restarts = new Restarts();
    private ChildProcess process;
    private boolean closed;
    private int unasked;

    /**
     * Starts it.
     *
     * @param starter starts it again; closed after this
     * @param words told when it ended though nobody killed it
     */
    KeptDevice(
            Supplier<ChildCommand> command,
            ScheduledExecutorService starter,
            Consumer<String> words) {
        this.command = command;
        this.starter = starter;
        this.words = words;
        launch();
    }

    synchronized ChildProcess process() {
        return process;
    }

    /** How often it ended though nobody killed it. */
    synchronized int unasked() {
        return unasked;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        // It may be stopped, and then hears no request.
        process.kill();
    }

    private synchronized void launch() {
        if (!closed) {
            restarts.started(System.nanoTime());
            process = command.get().start();
            ChildProcess started = process;
            process.onExit().thenAccept(code -> ended(started, code));
        }
    }

    private synchronized void ended(ChildProcess which, int code) {
        if (closed) {
            return;
        }
        if (code != KILLED) {
            unasked++;
            words.accept(
                    which.name()
                            + " ended by itself with code "
                            + code
                            + ": "
                            + which.lastLines(1).strip());
        }
        long pauseMs = REBOOT.plus(restarts.ended(System.nanoTime())).toMillis();
        starter.schedule(this::launch, pauseMs, TimeUnit.MILLISECONDS);
    }
}
