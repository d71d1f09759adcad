package org.hermesml.cli.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.hermesml.core.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir Path dir;

    @Test
    void aJobOutlivesItsTaskManagerAndStopLeavesNoProcess() throws Exception {
        FlinkCluster cluster = new FlinkCluster(HermesHome.find(), dir.resolve("cluster"));
        try {
            FlinkRest rest = cluster.start(Ports.free(), 1, 2);
            assertThrows(InputException.class, () -> cluster.start(Ports.free(), 1, 2));
            String main = TrivialJob.class.getName();
            JobStart start =
                    new JobStart(TrivialJob.jar(dir.resolve("job.jar")), main, List.of(), 2);
            String job = start.keptAliveOn(rest, Optional.empty());

            pid(cluster, "taskmanager-1").destroyForcibly();
            Patience.until("the job notices", LONG, () -> !rest.fault(job).isEmpty());
            Patience.until("the job runs again", LONG, () -> rest.isRunning(job));
            Patience.until("it is replaced", LONG, () -> cluster.members().size() == 3);

            Patience.until("a checkpoint is complete", LONG, () -> checkpoints(rest, job) > 0);
            pid(cluster, "jobmanager").destroyForcibly();
            Patience.until("the job goes on under another id", LONG, () -> goesOn(rest, job));
            String next = rest.jobs().get(0).id();
            assertTrue(rest.checkpoints(next).at("/counts/restored").asInt() >= 1);

            rest.cancel(next);
            Patience.until("the job is cancelled", LONG, () -> rest.state(next).equals("CANCELED"));
        } finally {
            cluster.stop();
        }
        assertEquals(List.of(), cluster.members());
        String marker = new ClusterFolder(cluster.dir()).marker();
        assertFalse(
                ProcessHandle.allProcesses()
                        .anyMatch(p -> p.info().commandLine().orElse("").contains(marker)));
    }

    @Test
    void theSameJobRunsInsideThisProgramWithTheWebUi() throws Exception {
        try (FlinkMiniCluster flink = FlinkMiniCluster.start(HermesHome.find(), dir, 2, 0)) {
            FlinkMiniCluster.Submitted job = flink.submit(build(flink, false), "counts");
            FlinkRest rest = new FlinkRest(flink.rest().toString());
            Patience.until("the job runs", LONG, () -> rest.isRunning(job.id().toHexString()));
            Patience.until(
                    "a checkpoint is complete",
                    LONG,
                    () ->
                            rest.checkpoints(job.id().toHexString()).at("/counts/completed").asInt()
                                    > 0);
            assertTrue(page(flink.rest()).contains("<title>Apache Flink Web Dashboard</title>"));
            flink.cancel(job.id());
            assertEquals(
                    new FlinkMiniCluster.Ended(JobStatus.CANCELED, ""),
                    job.ended().get(60, TimeUnit.SECONDS));

            FlinkMiniCluster.Submitted failing = flink.submit(build(flink, true), "fails");
            assertEquals(
                    new FlinkMiniCluster.Ended(JobStatus.FAILED, "three is too much"),
                    failing.ended().get(60, TimeUnit.SECONDS));
        }
    }

    private static int checkpoints(FlinkRest rest, String job) {
        return rest.checkpoints(job).at("/counts/completed").asInt();
    }

    private static boolean goesOn(FlinkRest rest, String job) {
        try {
            return rest.jobs().stream()
                    .anyMatch(j -> !j.id().equals(job) && rest.isRunning(j.id()));
        } catch (InputException | FlinkRefusal notYet) {
            return false;
        }
    }

    private static StreamExecutionEnvironment build(FlinkMiniCluster flink, boolean fails) {
        StreamExecutionEnvironment env = flink.environment();
        env.setParallelism(2);
        TrivialJob.build(env, fails);
        return env;
    }

    private static String page(URI address) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(address.resolve("/")).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static ProcessHandle pid(FlinkCluster cluster, String name) {
        long pid =
                cluster.members().stream()
                        .filter(m -> m.name().equals(name))
                        .findFirst()
                        .orElseThrow()
                        .pid();
        return ProcessHandle.of(pid).orElseThrow();
    }
}
