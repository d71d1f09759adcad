package org.hermesml.edge;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.hermesml.core.InputException;
import org.hermesml.edge.evaluator.EvaluatorLoop;
import org.hermesml.edge.kafka.Connection;
import org.hermesml.edge.kafka.Listener;
import org.hermesml.edge.kafka.TopicFollower;
import org.hermesml.edge.worker.WorkerLoop;
import org.hermesml.training.Engines;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One device process from its checks to its end. */
final class DeviceProcess {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceProcess.class);

    /**
     * What else than samples needs room in the heap: the model a few times, Kafka's buffers, the
     * program itself.
     */
    private static final double DATA_SHARE_OF_HEAP = 0.75;

    private final DeviceSettings device;
    private final Connection connection;
    private final boolean evaluator;
    private final boolean endWithStdin;
    private final StopSignal stop = new StopSignal();
    private final CountDownLatch ended = new CountDownLatch(1);

    DeviceProcess(
            DeviceSettings device, Connection connection, boolean evaluator, boolean endWithStdin) {
        this.device = device;
        this.connection = connection;
        this.evaluator = evaluator;
        this.endWithStdin = endWithStdin;
    }

    /** Returns the exit code. */
    int run() throws InterruptedException {
        try {
            return live();
        } catch (StopSignal.Stopped e) {
            LOG.info("Stopped");
            return 0;
        } finally {
            ended.countDown();
        }
    }

    private int live() throws InterruptedException {
        checkHeap();
        endOnSignal();
        NativeLibraries.prepare();
        String engine = Engines.checkFastPath(device.threads()).description();
        LOG.info(
                "{} {}: heap {} MB, data memory {} MB, {} thread(s), engine: {}",
                evaluator ? "Evaluator" : "Worker",
                device.id(),
                Runtime.getRuntime().maxMemory() >> 20,
                device.dataMemoryBytes() >> 20,
                device.threads(),
                engine);
        connection.require(
                List.of(
                        connection.topics().runs(),
                        connection.topics().reports(),
                        connection.topics().updates(),
                        connection.topics().scores(),
                        connection.topics().best()));
        RunDirectory runs = new RunDirectory();
        TopicFollower follower = new TopicFollower(connection);
        follower.addFromBeginning(connection.topics().runs());
        try (Listener listener = new Listener("runs", follower, runs::take)) {
            LOG.info("Following {} at {}", connection.topics().runs(), connection.bootstrap());
            return evaluator
                    ? new EvaluatorLoop(device, connection, runs, stop).run()
                    : new WorkerLoop(device, connection, runs, stop).run();
        }
    }

    private void checkHeap() {
        long heap = Runtime.getRuntime().maxMemory();
        if (device.dataMemoryBytes() > DATA_SHARE_OF_HEAP * heap) {
            throw new InputException(
                    "--data-memory "
                            + (device.dataMemoryBytes() >> 20)
                            + "m does not fit into a heap of "
                            + (heap >> 20)
                            + " MB; lower it to "
                            + (int) (DATA_SHARE_OF_HEAP * heap / (1 << 20))
                            + "m at most, or give java a larger -Xmx.");
        }
    }

    /**
     * SIGTERM, Ctrl-C or the end of standard input: leave the run in good order, then end with exit
     * code 0.
     */
    private void endOnSignal() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::endNow, "end"));
        if (!endWithStdin) {
            return;
        }
        Thread watch = new Thread(this::watchStdin, "stdin");
        watch.setDaemon(true);
        watch.start();
    }

    private void endNow() {
        boolean asked = ended.getCount() > 0;
        stop.request();
        try {
            // An iteration under way is not waited for to its end.
            if (!ended.await(3, TimeUnit.SECONDS)) {
                LOG.info("Stopped in the middle of an iteration");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (asked) {
            Runtime.getRuntime().halt(0);
        }
    }

    private void watchStdin() {
        try {
            byte[] ignored = new byte[256];
            while (System.in.read(ignored) >= 0) {
                // Nothing that is said there matters.
            }
        } catch (IOException e) {
            LOG.debug("Standard input broke", e);
        }
        System.exit(0);
    }
}
