package org.hermesml.edge;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.hermesml.edge.evaluator.EvaluatorLoop;
import org.hermesml.edge.kafka.Connection;
import org.hermesml.edge.kafka.Listener;
import org.hermesml.edge.kafka.TopicFollower;
import org.hermesml.edge.worker.WorkerLoop;

/** A worker and an evaluator, each on a thread of its own. */
final class Devices implements AutoCloseable {
    final CompletableFuture<Integer> worker = new CompletableFuture<>();
    final CompletableFuture<Integer> evaluator = new CompletableFuture<>();
    private final StopSignal stop;
    private final Listener listener;

    Devices(Connection connection, String run, StopSignal stop, Path state) {
        this.stop = stop;
        RunDirectory runs = new RunDirectory();
        TopicFollower follower = new TopicFollower(connection);
        follower.addFromBeginning(connection.topics().runs());
        listener = new Listener("runs", follower, runs::take);
        DeviceSettings device = new DeviceSettings("pi-1", "", 64 << 20, 1, 1, run, state, null);
        start("worker", worker, () -> new WorkerLoop(device, connection, runs, stop).run());
        start(
                "evaluator",
                evaluator,
                () -> new EvaluatorLoop(device, connection, runs, stop).run());
    }

    private static void start(
            String name, CompletableFuture<Integer> done, Callable<Integer> life) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                done.complete(life.call());
                            } catch (StopSignal.Stopped e) {
                                done.complete(0);
                            } catch (Exception e) {
                                done.completeExceptionally(e);
                            }
                        },
                        name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws Exception {
        stop.request();
        worker.get(60, TimeUnit.SECONDS);
        evaluator.get(60, TimeUnit.SECONDS);
        listener.close();
    }
}
