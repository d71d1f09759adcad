package org.hermesml.cli.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A broker that is started again, with its data and at its address, whenever its process ends
 * before it is closed. Any thread may call.
 */
public final class KeptBroker implements KeptProcess.Keeper, AutoCloseable {
    /** So long a pause before the next start tells that it will not come up any more. */
    private static final Duration HOPELESS = Duration.ofSeconds(16);

    private final String bootstrap;
    private final Consumer<String> words;
    private final CompletableFuture<String> hopeless = new CompletableFuture<>();
    private final ScheduledExecutorService starter =
            Executors.newSingleThreadScheduledExecutor(KeptBroker::thread);
    private final KeptProcess kept;

    private KeptBroker(Supplier<LocalBroker> brokers, String bootstrap, Consumer<String> words) {
        this.bootstrap = bootstrap;
        this.words = words;
        this.kept = new KeptProcess(() -> brokers.get().process(), starter, this);
    }

    /**
     * Returns when it answers.
     *
     * @param words told of each end and each start after the first
     * @throws org.hermesml.core.InputException when the port is in use
     * @throws IllegalStateException when it does not come up
     */
    public static KeptBroker start(Path folder, String host, int port, Consumer<String> words) {
        AtomicReference<LocalBroker> newest = new AtomicReference<>();
        KeptBroker kept =
                new KeptBroker(
                        () -> {
                            newest.set(LocalBroker.start(folder, host, port));
                            return newest.get();
                        },
                        host + ":" + port,
                        words);
        try {
            newest.get().awaitReady();
        } catch (RuntimeException e) {
            kept.close();
            throw e;
        }
        return kept;
    }

    public String bootstrap() {
        return bootstrap;
    }

    /** The process of now; it may have ended already. */
    public ChildProcess process() {
        return kept.process();
    }

    /** Completes with the end of its log when it keeps ending and is not started again. */
    public CompletableFuture<String> hopeless() {
        return hopeless;
    }

    @Override
    public void close() {
        ChildProcess last = kept.release();
        starter.shutdownNow();
        last.close();
    }

    @Override
    public Optional<Duration> ended(ChildProcess process, int code, Duration pause) {
        if (pause.compareTo(HOPELESS) >= 0) {
            hopeless.complete(process.lastLines(8));
            return Optional.empty();
        }
        words.accept("The broker ended with code " + code + "; it is started again.");
        return Optional.of(pause);
    }

    @Override
    public void notStarted(RuntimeException fault) {
        words.accept("The broker did not start again: " + fault.getMessage());
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "broker-starter");
        thread.setDaemon(true);
        return thread;
    }
}
