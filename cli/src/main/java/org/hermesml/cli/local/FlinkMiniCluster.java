package org.hermesml.cli.local;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.hermesml.core.InputException;

/**
 * A whole Flink cluster inside this program, with the web UI: same configuration, state backend and
 * job definition as a cluster of processes. Any thread may call.
 */
public final class FlinkMiniCluster implements AutoCloseable {
    private static final long CLOSE_WITHIN_S = 15;

    private final MiniCluster cluster;
    private final Configuration configuration;
    private final URI rest;

    /**
     * A job that was submitted.
     *
     * @param ended completes when the job has ended, whatever way; says how
     */
    public record Submitted(JobID id, CompletableFuture<Ended> ended) {}

    /**
     * How a job ended.
     *
     * @param fault the innermost message of what made it fail, empty when it was finished or
     *     cancelled
     */
    public record Ended(JobStatus status, String fault) {}

    private FlinkMiniCluster(MiniCluster cluster, Configuration configuration, URI rest) {
        this.cluster = cluster;
        this.configuration = configuration;
        this.rest = rest;
    }

    /**
     * Starts the cluster and returns when it can take a job.
     *
     * @param home says where {@code flink-conf} is
     * @param folder takes checkpoints, RocksDB's files and what else Flink leaves on disk
     * @param slots the greatest parallelism of a job
     * @param restPort of REST interface and web UI; 0 takes a free one
     * @throws InputException when the port is in use
     */
    public static FlinkMiniCluster start(HermesHome home, Path folder, int slots, int restPort) {
        if (restPort != 0) {
            Ports.require(restPort, "Flink web UI", "--rest-port");
        }
        int port = restPort == 0 ? Ports.free() : restPort;
        Configuration conf = FlinkFolders.configure(FlinkFolders.read(home.flinkConf()), folder);
        conf.set(RestOptions.PORT, port);
        conf.set(RestOptions.BIND_PORT, String.valueOf(port));
        // Every program would take another port of its own; a local run shows its figures in the
        // web UI.
        conf.removeKey("metrics.reporters");
        MiniCluster cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(conf)
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(slots)
                                .setRpcServiceSharing(RpcServiceSharing.SHARED)
                                .build());
        try {
            cluster.start();
            return new FlinkMiniCluster(cluster, conf, cluster.getRestAddress().get());
        } catch (Exception e) {
            cluster.closeAsync();
            throw new IllegalStateException(
                    "Flink did not start in this program: " + e.getMessage(), e);
        }
    }

    /** Address of REST interface and web UI. */
    public URI rest() {
        return rest;
    }

    /**
     * An environment to build a job on; give it to {@link #submit} afterwards, do not execute it.
     */
    public StreamExecutionEnvironment environment() {
        return StreamExecutionEnvironment.getExecutionEnvironment(new Configuration(configuration));
    }

    /**
     * Starts the job that was built on {@code environment}; returns when the cluster has taken it.
     */
    public Submitted submit(StreamExecutionEnvironment environment, String name) {
        return submit(environment, name, Optional.empty());
    }

    /**
     * As {@link #submit(StreamExecutionEnvironment, String)}.
     *
     * @param from savepoint or retained checkpoint to go on from; stays as it is
     */
    public Submitted submit(
            StreamExecutionEnvironment environment, String name, Optional<String> from) {
        StreamGraph graph = environment.getStreamGraph();
        graph.setJobName(name);
        JobGraph job = graph.getJobGraph();
        from.ifPresent(
                path ->
                        job.setSavepointRestoreSettings(
                                SavepointRestoreSettings.forPath(
                                        path, false, RecoveryClaimMode.NO_CLAIM)));
        return submit(job);
    }

    public Submitted submit(JobGraph graph) {
        JobID id = get(cluster.submitJob(graph), "take the job").getJobID();
        return new Submitted(id, cluster.requestJobResult(id).thenApply(FlinkMiniCluster::ended));
    }

    public JobStatus status(JobID id) {
        return get(cluster.getJobStatus(id), "tell the state of the job");
    }

    /** Asks the job to end; its {@link Submitted#ended} says when it has. */
    public void cancel(JobID id) {
        get(cluster.cancelJob(id), "cancel the job");
    }

    @Override
    public void close() {
        try {
            cluster.closeAsync().get(CLOSE_WITHIN_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            System.err.println("hermes: Flink did not end in order: " + e.getMessage());
        }
    }

    private static Ended ended(JobResult result) {
        String fault =
                result.getSerializedThrowable()
                        .map(
                                t -> {
                                    Throwable root =
                                            t.deserializeError(
                                                    FlinkMiniCluster.class.getClassLoader());
                                    while (root.getCause() != null && root.getCause() != root) {
                                        root = root.getCause();
                                    }
                                    return root.getMessage() == null
                                            ? root.toString()
                                            : root.getMessage();
                                })
                        .orElse("");
        JobStatus status =
                switch (result.getApplicationStatus()) {
                    case SUCCEEDED -> JobStatus.FINISHED;
                    case CANCELED -> JobStatus.CANCELED;
                    default -> JobStatus.FAILED;
                };
        return new Ended(status, status == JobStatus.FAILED ? fault : "");
    }

    private static <T> T get(CompletableFuture<T> future, String what) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "Flink did not " + what + ": " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "Interrupted while waiting for Flink to " + what + ".", e);
        }
    }
}
