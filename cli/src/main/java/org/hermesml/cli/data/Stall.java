package org.hermesml.cli.data;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Ends the reading from a server that keeps its connection and sends nothing. */
final class Stall implements AutoCloseable {
    private final InputStream in;
    private final long patienceNs;
    private final ScheduledExecutorService clock;
    private volatile long movedNs = System.nanoTime();
    private volatile boolean over;

    Stall(InputStream in, Duration patience) {
        this.in = in;
        this.patienceNs = patience.toNanos();
        this.clock =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread thread = new Thread(task, "stall");
                            thread.setDaemon(true);
                            return thread;
                        });
        long every = Math.max(1, patience.toMillis() / 4);
        clock.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
    }

    void moved() {
        movedNs = System.nanoTime();
    }

    /**
     * @throws IOException where the end of what was read is this one's doing
     */
    void check() throws IOException {
        if (over) {
            throw new IOException("nothing came any more");
        }
    }

    private void look() {
        if (System.nanoTime() - movedNs > patienceNs) {
            over = true;
            try {
                in.close();
            } catch (IOException e) {
                // it was to end
            }
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
