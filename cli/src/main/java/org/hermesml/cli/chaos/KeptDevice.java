package org.hermesml.cli.chaos;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.hermesml.cli.local.ChildCommand;
import org.hermesml.cli.local.ChildProcess;
import org.hermesml.cli.local.KeptProcess;

/** A device process that comes back under its own name when it ends, as a device that reboots. */
final class KeptDevice implements KeptProcess.Keeper, AutoCloseable {
    private static final Duration REBOOT = Duration.ofSeconds(1);
    private static final int KILLED = 137;

    private final Consumer<String> words;
    private final KeptProcess kept;
    private volatile int unasked;

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
        this.words = words;
        this.kept = new KeptProcess(() -> command.get().start(), starter, this);
    }

    ChildProcess process() {
        return kept.process();
    }

    /** How often it ended though nobody killed it. */
    int unasked() {
        return unasked;
    }

    @Override
    public void close() {
        // It may be stopped, and then hears no request.
        kept.release().kill();
    }

    @Override
    public Optional<Duration> ended(ChildProcess process, int code, Duration pause) {
        if (code != KILLED) {
            unasked = unasked + 1;
            words.accept(
                    process.name()
                            + " ended by itself with code "
                            + code
                            + ": "
                            + process.lastLines(1).strip());
        }
        return Optional.of(REBOOT.plus(pause));
    }

    @Override
    public void notStarted(RuntimeException fault) {
        words.accept("A device did not start again: " + fault.getMessage());
    }
}
