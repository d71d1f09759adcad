package org.hermesml.cli.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A broker that is started again, with its data and at its address, whenever its process ends
 * before it is closed. Any thread may call.
 */
public final class KeptBroker implements AutoCloseable {
    /** So long a pause before the next start tells that it will not come up any more. */
    private static final Duration HOPELESS = Duration.ofSeconds(16);

    private final Path folder;
    private final String host;
    private final int port;
    private final Consumer<String> words;
    private final Restarts restarts = new Restarts();
    private final CompletableFuture<String> hopeless = new CompletableFuture<>();
    private final ScheduledExecutorService starter =
            Executors.newSingleThreadScheduledExecutor(KeptBroker::thread);
    private LocalBroker broker;
    private boolean closed;

    private KeptBroker(Path folder, String host, int port, Consumer<String> words) {
        this.folder = folder;
        this.host = host;
        this.port = port;
        this.words = words;
    }

    /**
     * Returns when it answers.
     *
     * @param words told of each end and each start after the first
     * @throws org.hermesml.core.InputException when the port is in use
     * @throws IllegalStateException when it does not come up
     */
    public static KeptBroker start(Path folder, String host, int port, Consumer<String> words) {
        KeptBroker kept = new KeptBroker(folder, host, port, words);
        kept.launch();
        try {
            kept.broker.awaitReady();
        } catch (RuntimeException e) {
            kept.close();
            throw e;
        }
        return kept;
    }

    public String bootstrap() {
        return host + ":" + port;
    }

    /** The process of now; it may have ended already. */
    public synchronized ChildProcess process() {
        return broker.process();
    }

    /** Completes with the end of its log when it keeps ending and is not started again. */
    public CompletableFuture<String> hopeless() {
        return hopeless;
    }

    @Override
    public void close() {
        LocalBroker last;
        synchronized (this) {
            closed = true;
            last = broker;
        }
        starter.shutdownNow();
        last.close();
    }

    private synchronized void launch() {
        if (closed) {
            return;
        }
        restarts.started(System.nanoTime());
        broker = LocalBroker.start(folder, host, port);
        LocalBroker started = broker;
        broker.onExit().thenAccept(code -> ended(started, code));
    }

    private synchronized void ended(LocalBroker which, int code) {
        if (closed) {
            return;
        }
        Duration pause = restarts.ended(System.nanoTime());
        if (pause.compareTo(HOPELESS) >= 0) {
            hopeless.complete(which.process().lastLines(8));
            return;
        }
        words.accept("The broker ended with code " + code + "; it is started again.");
        starter.schedule(this::again, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void again() {
        try {
            launch();
        } catch (RuntimeException e) {
            synchronized (this) {
                if (!closed) {
                    words.accept("The broker did not start again: " + e.getMessage());
                    Duration pause = restarts.ended(System.nanoTime());
                    starter.schedule(this::again, pause.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "broker-starter");
        thread.setDaemon(true);
        return thread;
    }
}
