package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.cli.local.FlinkRest;
import org.hermesml.cli.local.TopicAdmin;
import org.hermesml.core.Protocol;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.wire.Topics;
import org.hermesml.core.wire.Values;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Broker, JobManager, TaskManager, job by REST, device processes by {@code java -jar}: one story of
 * one installation, from its start to its end.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealInstallationIT {
    private static final Duration LONG = Duration.ofMinutes(6);
    private static final String RUN_A = "run-a";
    private static final String RUN_B = "run-b";
    private static final String RUN_C = "run-c";
    private static final double TARGET = 0.95;
    private static final int NEWER = Protocol.VERSION + 98;

    @TempDir static Path dir;

    private static Installation installation;
    private static List<Integer> sizesOfA;

    @BeforeAll
    static void startInstallation() throws Exception {
        installation = Installation.start(dir);
    }

    @AfterAll
    static void endInstallation() {
        if (installation != null) {
            installation.close();
        }
    }

    @Test
    @Order(1)
    void twoRunsAtOnceReachTheirTargetsThoughTheTaskManagerDies() throws Exception {
        start(RUN_A, "hermes", "a-1", "a-2");
        start(RUN_B, "bsp", "b-1", "b-2");
        // after both runs, so that neither is far ahead of the other when the fault comes
        installation.device("evaluator-1", "--role", "evaluator");
        for (String worker : List.of("a-1", "a-2", "b-1", "b-2")) {
            // the second of each run stands for a slower device
            installation.device(worker, "--slowdown", worker.endsWith("2") ? "2" : "1");
        }
        RecordedRun a = installation.run(RUN_A);
        RecordedRun b = installation.run(RUN_B);
        FlinkRest flink = installation.flink();
        ProcessHandle before = installation.clusterMembers().get("taskmanager-1");
        until("both runs train", () -> a.version() >= 2 && b.version() >= 2);
        until("a checkpoint is complete", () -> checkpoints("completed") > 0);

        long versionOfA = a.version();
        long versionOfB = b.version();
        before.destroyForcibly();
        assertTrue(a.end().isEmpty() && b.end().isEmpty(), "a run was over before the fault");

        until("the job goes on from a checkpoint", () -> checkpoints("restored") > 0);
        until("the job runs again", () -> flink.isRunning(installation.job()));
        until("both runs end", () -> a.end().isPresent() && b.end().isPresent());
        for (RecordedRun run : List.of(a, b)) {
            assertEquals(EndReason.TARGET, run.end().orElseThrow().getReason(), run.run());
            assertTrue(run.end().orElseThrow().getBestAccuracy() >= TARGET, run.run());
        }
        assertTrue(a.version() > versionOfA, "run A learnt nothing after the fault");
        assertTrue(b.version() > versionOfB, "run B learnt nothing after the fault");
        until(
                "the TaskManager is there again",
                () -> {
                    ProcessHandle now = installation.clusterMembers().get("taskmanager-1");
                    return now != null && now.pid() != before.pid();
                });
        assertEquals("RUNNING", flink.state(installation.job()));
    }

    @Test
    @Order(2)
    void everyVersionEqualsAReplayOfTheVerdictLog() throws Exception {
        for (String id : List.of(RUN_A, RUN_B)) {
            RecordedRun run = installation.run(id);
            Replayed replayed = new Replayed(run);
            assertEquals(run.version() + 1, replayed.assertSameBytes(), id);
            replayed.assertEachUpdateCountsOnce();
        }
    }

    @Test
    @Order(3)
    void endedRunsAreListedAndTheirModelsExported() throws Exception {
        until(
                "the job has written that both have ended",
                () -> {
                    List<String> runs = installation.hermes("runs").out().lines().toList();
                    return runs.stream().anyMatch(l -> l.matches(RUN_A + " +target .*"))
                            && runs.stream().anyMatch(l -> l.matches(RUN_B + " +target .*"));
                });
        for (String run : List.of(RUN_A, RUN_B)) {
            Path out = dir.resolve("exported").resolve(run);
            Launched export = installation.hermes("export", run, "--out", out.toString());
            export.expect(0);
            double accuracy = TestAccuracy.of(out.resolve("model.zip"), "digits", null, 1);
            assertTrue(accuracy > TARGET - 0.03, run + ": " + accuracy);
            assertEquals(
                    0,
                    Hermes.run(
                                    dir,
                                    "evaluate",
                                    out.resolve("model.zip").toString(),
                                    "--dataset",
                                    "digits")
                            .awaitEnd());
        }
    }

    @Test
    @Order(4)
    void recordsOfAnEndedRunChangeNothingAndThoseOfANewerProtocolAreRefusedInWords()
            throws Exception {
        RecordedRun run = installation.run(RUN_A);
        sizesOfA = run.sizes();
        String key = Topics.workerKey(RUN_A, "a-1");
        UpdateSlice last =
                run.updateSlices().stream()
                        .filter(slice -> slice.getId().getWorker().equals("a-1"))
                        .reduce((first, second) -> second)
                        .orElseThrow();
        float[] ones = new float[last.getCount()];
        Arrays.fill(ones, 1);
        var values = Values.encode(ones, 0, ones.length, ValueType.FP32);
        UpdateSlice slice =
                last.toBuilder()
                        .setId(
                                UpdateIds.of(
                                        "a-1",
                                        last.getId().getIncarnation(),
                                        last.getId().getSequence() + 1_000))
                        .setForm(UpdateForm.WEIGHTS)
                        .setType(ValueType.FP32)
                        .setValues(values)
                        .setCrc32C(Values.crc32c(values))
                        .build();
        topic(topics().updates()).write(key, slice.toByteArray());
        Report report =
                Report.newBuilder()
                        .setProtocol(Protocol.VERSION)
                        .setRun(RUN_A)
                        .setWorker("a-1")
                        .setIncarnation(slice.getId().getIncarnation())
                        .setIteration(
                                IterationReport.newBuilder()
                                        .setClock(slice.getId().getSequence())
                                        .setHeldOutLoss(0.001)
                                        .setPush(true)
                                        .setSliceCount(slice.getSliceCount()))
                        .build();
        topic(topics().reports()).write(key, report.toByteArray());
        // behind each of them, in the same partition, one that is answered
        topic(topics().updates())
                .write(key, slice.toBuilder().setProtocol(NEWER).build().toByteArray());
        topic(topics().reports())
                .write(key, report.toBuilder().setProtocol(NEWER).build().toByteArray());
        String known = "protocol version " + NEWER + " is not known here";
        until(
                "the job has read both",
                () ->
                        refusals(topics().updates()).contains(known)
                                && refusals(topics().reports()).contains(known));
        assertEquals(sizesOfA, run.sizes());
        assertEquals("RUNNING", installation.flink().state(installation.job()));
    }

    @Test
    @Order(5)
    void aStoppedRunEndsAndWhoWatchesItSeesThat() throws Exception {
        start(RUN_C, "asp", "a-1", "b-1", "--target-accuracy", "1.1");
        try (Launched watch = installation.begin("watch", RUN_C)) {
            watch.await("the run trains", () -> installation.run(RUN_C).version() >= 2);
            theJobRestsInASavepointAndGoesOn();
            Launched early = installation.hermes("delete", RUN_C);
            early.expect(2);
            assertTrue(early.err().contains("has not ended"), early::toString);
            Launched stop = installation.hermes("stop", RUN_C);
            stop.expect(0);
            assertEquals(0, watch.awaitEnd(), watch::toString);
            assertTrue(watch.out().contains("Run run-c ended (stopped)"), watch::toString);
        }
        RecordedRun run = installation.run(RUN_C);
        assertEquals(EndReason.STOPPED, run.end().orElseThrow().getReason());
        new Replayed(run).assertSameBytes();
        Launched again = installation.hermes("stop", RUN_C);
        again.expect(2);
        assertTrue(again.err().contains("has already ended"), again::toString);
        assertEquals(sizesOfA, installation.run(RUN_A).sizes(), "a whole run later");
        theRunIsDeletedAndForgotten();
        assertEquals("RUNNING", installation.flink().state(installation.job()));
    }

    @Test
    @Order(6)
    void everythingEndsWhenAskedAndLeavesNoProcess() throws Exception {
        Map<String, ProcessHandle> members = installation.clusterMembers();
        assertEquals(4, members.size(), members::toString);
        installation.devices().forEach(Launched::terminate);
        for (Launched device : installation.devices()) {
            assertEquals(0, device.awaitEnd(), device::toString);
        }
        Launched stop = installation.stopCluster();
        stop.expect(0);
        installation.broker().interrupt();
        installation.broker().awaitEnd();
        assertEquals(List.of(), installation.broker().leftRunning());
        members.forEach((name, process) -> assertFalse(process.isAlive(), name));
        List<String> left =
                ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse(""))
                        .filter(line -> line.contains(dir.toString()))
                        .toList();
        assertEquals(List.of(), left);
    }

    private static void theRunIsDeletedAndForgotten() throws Exception {
        installation.hermes("delete", RUN_C).expect(0);
        assertFalse(installation.hermes("runs").out().contains(RUN_C));
        Launched twice = installation.hermes("delete", RUN_C);
        twice.expect(2);
        assertTrue(twice.err().contains("There is no run"), twice::toString);
        try (TopicAdmin admin = TopicAdmin.connect(installation.bootstrap())) {
            assertTrue(
                    admin.names().stream().noneMatch(name -> name.endsWith("." + RUN_C)),
                    () -> admin.names().toString());
        }
    }

    /** In the midst of a run, whose workers notice nothing but a pause. */
    private static void theJobRestsInASavepointAndGoesOn() throws Exception {
        Launched early = installation.hermes("resume");
        early.expect(2);
        assertTrue(early.err().contains("runs already"), early::toString);
        installation.hermes("savepoint", "--stop").expect(0);
        assertEquals("FINISHED", installation.flink().state(installation.job()));
        Launched none = installation.hermes("savepoint");
        none.expect(2);
        assertTrue(none.err().contains("No Hermes job runs"), none::toString);
        Launched nothing = installation.hermes("resume", dir.toString());
        nothing.expect(2);
        assertTrue(nothing.err().contains("is no savepoint"), nothing::toString);

        long version = installation.run(RUN_C).version();
        installation.startJob("resume", "--latest");
        until("the run goes on", () -> installation.run(RUN_C).version() > version + 1);
        installation.hermes("replay", RUN_C, "--quiet").expect(0);
    }

    private static void start(String run, String method, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("start", "--run", run, "--method", method));
        words.addAll(List.of("--dataset", "digits", "--model", "mlp", "--max-time", "15m"));
        words.addAll(List.of("--worker", more[0], "--worker", more[1]));
        words.addAll(List.of(more).subList(2, more.length));
        if (more.length == 2) {
            words.addAll(List.of("--target-accuracy", Double.toString(TARGET)));
        }
        for (String setting :
                List.of(
                        "local_epochs=1",
                        "samples=400",
                        "allocation=false",
                        "held_out_samples=1000",
                        "min_workers=2",
                        "patience=1000000")) {
            words.addAll(List.of("--set", setting));
        }
        installation.hermes(words.toArray(String[]::new)).expect(0);
    }

    /** Why records of {@code topic} were refused, one reason after the other. */
    private static String refusals(String topic) throws Exception {
        StringBuilder reasons = new StringBuilder();
        for (ConsumerRecord<String, byte[]> record : topic(topics().refused()).records()) {
            RefusedRecord refused = RefusedRecord.parseFrom(record.value());
            if (refused.getTopic().equals(topic)) {
                reasons.append(refused.getReason()).append('\n');
            }
        }
        return reasons.toString();
    }

    private static int checkpoints(String count) {
        return installation.flink().checkpoints(installation.job()).at("/counts/" + count).asInt();
    }

    private static Topics topics() {
        return new Topics(Topics.DEFAULT_PREFIX);
    }

    private static Topic topic(String name) {
        return new Topic(installation.bootstrap(), name);
    }

    private static void until(String what, Callable<Boolean> holds) throws Exception {
        Patience.until(what, LONG, holds);
    }
}
