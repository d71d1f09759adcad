package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.hermesml.cli.local.TopicAdmin;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.Outcome;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.wire.Topics;
import org.hermesml.core.wire.Values;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nobody should send, to a real broker and the job on a real (small) cluster. */
class BadRecordsIT {
    static final Duration MOST = Duration.ofMinutes(4);

    private static final long SEED = Long.getLong("hermes.seed", 77);
    private static final Topics TOPICS = SmallInstallation.TOPICS;
    private static final int EACH = 120;

    @TempDir static Path dir;

    private static SmallInstallation installation;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Set<String> sent = new TreeSet<>();

    @BeforeAll
    static void start() {
        installation = SmallInstallation.start(dir, Duration.ofSeconds(2));
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    @Test
    void badRecordsAmidARunAreAllRefusedAndCountedAndTheRunEndsWell() throws Exception {
        try (PlayedRun run =
                new PlayedRun(installation.bootstrap(), "amid", settings("max_versions", "6"))) {
            run.begin();
            long life = run.hello("w");
            assertTrue(run.push("w", life, 1).getAdmitted());
            sendBad(run, life);
            for (int clock = 2; clock <= 5; clock++) {
                Outcome outcome = run.push("w", life, clock);
                assertTrue(outcome.getAdmitted(), () -> outcome.getReason() + ", seed " + SEED);
            }
            Patience.until(
                    "all bad records are in hermes.refused",
                    MOST,
                    () -> refusedAt().size() >= sent.size());
            assertEquals(sent, refusedAt(), "seed " + SEED);
            assertEquals(1, of(RefusalKind.ALTERED_RUN).size());

            // The last: the end of the run may come before its outcome is told.
            run.handIn("w", life, 6);
            Patience.until("the run ends", MOST, () -> run.record().getPhase() == RunPhase.ENDED);
            assertEquals(EndReason.TIME, run.record().getEnd().getReason(), "its versions");
        }
        long refused = refused().size();
        Patience.until("the counters say as many", MOST, () -> counted() == refused);
        assertStillRunning();
    }

    @Test
    void aRunWhoseTopicsAreRemovedFailsAndOthersGoOn() throws Exception {
        try (PlayedRun lost = new PlayedRun(installation.bootstrap(), "lost", settings());
                PlayedRun other = new PlayedRun(installation.bootstrap(), "other", settings())) {
            lost.begin();
            other.begin();
            long ofLost = lost.hello("w");
            long ofOther = other.hello("w");
            assertTrue(lost.push("w", ofLost, 1).getAdmitted());
            try (TopicAdmin admin = TopicAdmin.connect(installation.bootstrap())) {
                admin.delete(lost.ownTopics());
            }
            lost.handIn("w", ofLost, 2);
            Patience.until(
                    "the run without topics is ended",
                    MOST,
                    () -> lost.record().getPhase() == RunPhase.ENDED);
            assertEquals(EndReason.FAILED, lost.record().getEnd().getReason());
            assertEquals("its topic hermes.models.lost is gone", lost.record().getEnd().getText());
            assertTrue(lost.record().hasSpec(), "people still ask what it was");
            for (int clock = 1; clock <= 3; clock++) {
                assertTrue(other.push("w", ofOther, clock).getAdmitted());
            }
        }
        assertStillRunning();
    }

    // ---- what is sent

    private static Map<String, String> settings(String... more) {
        Map<String, String> settings =
                new java.util.HashMap<>(
                        Map.of(
                                "method", "asp",
                                "shards", "2",
                                "slice_parameters", "16",
                                "update_type", "fp32",
                                "model_type", "fp32",
                                "target_accuracy", "1.1",
                                "push_deadline", "60s"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    private void sendBad(PlayedRun run, long life) throws Exception {
        String name = run.spec().getRun();
        UpdateSlice slice = run.slices(UpdateIds.of("w", life, 2), UpdateForm.DELTA, 0.01f).get(0);
        for (int i = 0; i < EACH; i++) {
            for (String topic :
                    List.of(
                            TOPICS.runs(),
                            TOPICS.reports(),
                            TOPICS.updates(),
                            TOPICS.scores(),
                            TOPICS.verdicts())) {
                byte[] noise = new byte[random.nextInt(i % 40 == 0 ? 900_000 : 300)];
                random.nextBytes(noise);
                // no key of the run itself in the topic of runs, which keeps the newest of each
                note(run.send(topic, "noise-" + random.nextInt(50), noise));
            }
            byte[] whole = slice.toByteArray();
            note(run.send(TOPICS.updates(), name + "/w", java.util.Arrays.copyOf(whole, 30)));
            badSlice(run, slice.toBuilder().setCrc32C(i));
            badSlice(run, slice.toBuilder().setCount(17 + i));
            badSlice(run, slice.toBuilder().setShard(1 + i));
            badSlice(run, slice.toBuilder().setSliceCount(100_000 + i));
            badSlice(run, slice.toBuilder().setProtocol(2 + i));
            badSlice(run, slice.toBuilder().setRun("nobody-knows-" + i % 5));
            float[] none = new float[slice.getCount()];
            none[i % none.length] = i % 2 == 0 ? Float.NaN : Float.NEGATIVE_INFINITY;
            ByteString noNumbers = Values.encode(none, 0, none.length, slice.getType());
            badSlice(
                    run,
                    slice.toBuilder().setValues(noNumbers).setCrc32C(Values.crc32c(noNumbers)));
            var report = run.iteration("w", life, 2);
            report.getIterationBuilder().setSeconds(Double.NaN);
            note(run.send(report.build()));
            report = run.iteration("w", life, 2);
            report.getIterationBuilder().setSamples(-1 - i);
            note(run.send(report.build()));
            note(run.send(run.iteration("w", life, 1_000 + (1L << i % 60)).build()));
            note(run.send(run.iteration("w", life + 1_000 + i, 1).build()));
            note(run.send(run.iteration("stranger-" + i, 3, 1).build()));
            note(run.send(run.report("stranger-" + i).setHello(report.getHello()).build()));
            Score score =
                    Score.newBuilder()
                            .setProtocol(1)
                            .setRun(name)
                            .setAccuracy(7 + i)
                            .setVersion(1)
                            .build();
            note(run.send(TOPICS.scores(), name, score.toByteArray()));
            Verdict verdict =
                    Verdict.newBuilder().setProtocol(1).setRun(name).setLife(-1 - i).build();
            note(run.send(TOPICS.verdicts(), name, verdict.toByteArray()));
        }
        badSlice(run, slice.toBuilder().setId(UpdateIds.of("x".repeat(400_000), 1, 1)));
        RunRecord absurd =
                run.record().toBuilder()
                        .setRun("absurd")
                        .setSpec(
                                run.spec().toBuilder().setRun("absurd").setParameterCount(1L << 60))
                        .build();
        note(run.send(TOPICS.runs(), "absurd", absurd.toByteArray()));
        RunRecord altered =
                run.record().toBuilder()
                        .setSpec(run.spec().toBuilder().setParameterCount(41))
                        .build();
        run.send(TOPICS.runs(), name, altered.toByteArray());
        // sound slices of updates that nobody pushes: nothing is refused before they are given up
        for (long forged : new long[] {life + 5, 1L << 50}) {
            for (UpdateSlice one :
                    run.slices(UpdateIds.of("w", forged, 1), UpdateForm.DELTA, 1e6f)) {
                run.send(one);
            }
        }
    }

    private void badSlice(PlayedRun run, UpdateSlice.Builder slice) throws Exception {
        note(run.send(slice.build()));
    }

    private void note(RecordMetadata where) {
        sent.add(where.topic() + "/" + where.partition() + "/" + where.offset());
    }

    // ---- what came of it

    private static List<RefusedRecord> refused() throws Exception {
        List<RefusedRecord> refused = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record :
                new Topic(installation.bootstrap(), TOPICS.refused()).records()) {
            refused.add(RefusedRecord.parseFrom(record.value()));
        }
        return refused;
    }

    private static Set<String> refusedAt() throws Exception {
        Set<String> at = new TreeSet<>();
        for (RefusedRecord refused : refused()) {
            if (!refused.getTopic().isEmpty()) {
                at.add(
                        refused.getTopic()
                                + "/"
                                + refused.getAddress().getPartition()
                                + "/"
                                + refused.getAddress().getOffset());
            }
        }
        return at;
    }

    private static List<RefusedRecord> of(RefusalKind kind) throws Exception {
        return refused().stream().filter(refused -> refused.getKind() == kind).toList();
    }

    private static void assertStillRunning() throws Exception {
        assertEquals(JobStatus.RUNNING, installation.flink().status(installation.job().id()));
        // shown a while after the job has begun
        Patience.until("restarts are counted", MOST, () -> !restarts().isEmpty());
        assertEquals("0", restarts());
    }

    private static String restarts() throws Exception {
        Matcher value =
                Pattern.compile("\"value\":\"(\\d+)\"")
                        .matcher(
                                get(
                                        "/jobs/"
                                                + installation.job().id()
                                                + "/metrics?get=numRestarts"));
        return value.find() ? value.group(1) : "";
    }

    /** The sum of the counters of all kinds, as the web UI shows them. */
    private static long counted() throws Exception {
        Matcher vertex =
                Pattern.compile(
                                "\"id\":\"([0-9a-f]{32})\",\"slotSharingGroupId\":\"[0-9a-f]*\",\"name\":\"([^\"]*)\"")
                        .matcher(get("/jobs/" + installation.job().id()));
        long counted = 0;
        while (vertex.find()) {
            if (!vertex.group(2).contains("count refused records")) {
                continue;
            }
            String of =
                    "/jobs/"
                            + installation.job().id()
                            + "/vertices/"
                            + vertex.group(1)
                            + "/metrics";
            List<String> ids = new ArrayList<>();
            Matcher id =
                    Pattern.compile("\"id\":\"([^\"]*count_refused_records\\.refused\\.[^\"]*)\"")
                            .matcher(get(of));
            while (id.find()) {
                ids.add(id.group(1));
            }
            Matcher value =
                    Pattern.compile("\"value\":\"(\\d+)\"")
                            .matcher(get(of + "?get=" + String.join(",", ids)));
            while (value.find()) {
                counted += Long.parseLong(value.group(1));
            }
        }
        return counted;
    }

    private static String get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(installation.flink().rest() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
