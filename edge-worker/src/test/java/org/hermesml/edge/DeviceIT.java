package org.hermesml.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateId;
import org.hermesml.edge.kafka.Connection;
import org.hermesml.edge.kafka.Listener;
import org.hermesml.edge.kafka.TopicFollower;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker and an evaluator against a real broker, with the job's part played by the test. */
class DeviceIT {
    private static final String PREFIX = "device-it.";
    private static Connection connection;

    @TempDir Path dir;

    @BeforeAll
    static void startBroker() throws Exception {
        connection = TestBroker.shared().connection(PREFIX);
        TestBroker.shared().create(connection.topics().shared());
    }

    @Test
    void aRunGoesFromPublicationToATestedModel() throws Exception {
        publish(
                "whole-run",
                "{\"method\": \"asp\", \"held_out_samples\": 500, \"shards\": 3, \"slice_parameters\": 30000,"
                        + " \"update_type\": \"fp32\", \"prefetch\": false}");
        List<Score> scores;
        try (PlayedJob job = new PlayedJob(connection, "whole-run", report -> "")) {
            scores = play(job, "whole-run", 4);
            List<IterationReport> iterations = iterations(job);
            assertEquals(
                    List.of(1L, 2L, 3L, 4L),
                    iterations.stream().map(IterationReport::getClock).limit(4).toList());
            assertEquals(
                    List.of(0L, 1L, 2L, 3L),
                    iterations.stream().map(IterationReport::getBaseVersion).limit(4).toList());
            IterationReport fourth = iterations.get(3);
            assertEquals(600, fourth.getSamples());
            assertTrue(fourth.getTrainLoss() < iterations.get(0).getTrainLoss());
            assertTrue(Double.isNaN(fourth.getHeldOutLoss()), "asp looks at no loss");
            assertEquals(6, fourth.getSliceCount());
            assertTrue(
                    iterations.stream().allMatch(i -> i.getOverheadSeconds() > 0),
                    "each begins with a pull");
            long parameterBytes = 4 * 109_386;
            assertBetween(
                    4 * parameterBytes,
                    4 * parameterBytes + 4_000,
                    fourth.getBytes().getUpdatesUp());
            assertBetween(
                    4 * parameterBytes,
                    4 * parameterBytes + 4_000,
                    fourth.getBytes().getModelsDown());
            assertTrue(fourth.getBytes().getDataDown() > 600 * 784);
            assertTrue(fourth.getBytes().getControl() > 0);
            Score last = scores.get(scores.size() - 1);
            assertEquals(4, last.getVersion());
            // It may have passed over all versions before; one that guesses has ln 10.
            assertTrue(last.getLoss() < Math.log(10), () -> "No better than a guess: " + last);
        }

        JsonNode exported =
                line(
                        TestRuns.with(
                                connection,
                                "export",
                                "--run",
                                "whole-run",
                                "--out",
                                dir.resolve("out").toString()));
        Score best =
                scores.stream()
                        .min((a, b) -> Double.compare(a.getLoss(), b.getLoss()))
                        .orElseThrow();
        assertEquals(best.getVersion(), exported.get("version").asLong());
        assertEquals(best.getLoss(), exported.get("heldOutLoss").asDouble(), 1e-6);
        assertEquals(109_386, exported.get("parameters").asInt());
        JsonNode evaluated =
                line(
                        "evaluate",
                        "--model",
                        dir.resolve("out/model.zip").toString(),
                        "--dataset",
                        "digits",
                        "--seed",
                        "1");
        assertEquals(
                exported.get("accuracy").asDouble(), evaluated.get("accuracy").asDouble(), 1e-9);
        JsonNode first =
                line(
                        TestRuns.with(
                                connection,
                                "export",
                                "--run",
                                "whole-run",
                                "--version",
                                "0",
                                "--out",
                                dir.resolve("first").toString()));
        assertTrue(first.get("accuracy").asDouble() < exported.get("accuracy").asDouble());
    }

    @Test
    void aRefusedWorkerGoesOnFromTheNewestVersionAndALostVerdictIsAskedForAgain() throws Exception {
        publish(
                "refused",
                "{\"method\": \"asp\", \"held_out_samples\": 200, \"update_type\": \"int8\"}");
        Set<Long> asked = new HashSet<>();
        Function<Report, String> verdict =
                report -> {
                    long clock = report.getIteration().getClock();
                    if (clock == 1) {
                        return "Not this one.";
                    }
                    // The first answer to the second push gets lost.
                    return clock == 2 && asked.add(clock) ? null : "";
                };
        try (PlayedJob job = new PlayedJob(connection, "refused", verdict)) {
            play(job, "refused", 2);
            List<IterationReport> iterations = iterations(job);
            assertEquals(
                    List.of(1L, 2L, 3L),
                    iterations.stream().map(IterationReport::getClock).limit(3).toList());
            assertEquals(
                    List.of(0L, 0L, 1L),
                    iterations.stream().map(IterationReport::getBaseVersion).limit(3).toList());
            assertTrue(
                    job.reports.stream().filter(r -> r.getIteration().getClock() == 2).count() >= 2,
                    "said again");
            long threePushes = 3 * 109_386 * 260 / 256;
            assertBetween(
                    threePushes, threePushes + 4_000, iterations.get(2).getBytes().getUpdatesUp());
        }
    }

    @Test
    void aModelThatIsHandedInMeasuresTheSameAtWorkerAndEvaluator() throws Exception {
        publish(
                "local",
                "{\"method\": \"local\", \"target_accuracy\": 0.3, \"held_out_samples\": 200, \"update_type\": \"fp32\"}");
        try (PlayedJob job = new PlayedJob(connection, "local", report -> "")) {
            List<Score> scores = play(job, "local", 1);
            IterationReport pushed =
                    iterations(job).stream().filter(IterationReport::getPush).findFirst().get();
            assertTrue(pushed.getHeldOutAccuracy() >= 0.3);
            assertEquals(pushed.getHeldOutLoss(), scores.get(scores.size() - 1).getLoss(), 1e-6);
        }
    }

    @Test
    void aWorkerThatAsksDoesAsItIsToldAndAsksAgainWhenNobodyAnswers() throws Exception {
        publish(
                "asks",
                "{\"method\": \"selsync\", \"silence_floor\": \"2s\", \"held_out_samples\": 200}");
        Set<Long> asked = new HashSet<>();
        try (PlayedJob job = new PlayedJob(connection, "asks", report -> "")) {
            // The first answer to the second question gets lost; of three, two shall push.
            job.release =
                    report -> {
                        long clock = report.getReady().getClock();
                        return clock == 2 && asked.add(clock) ? null : clock % 3 != 1;
                    };
            play(job, "asks", 2);
            List<Long> questions =
                    List.copyOf(job.reports).stream()
                            .filter(Report::hasReady)
                            .map(report -> report.getReady().getClock())
                            .toList();
            assertEquals(List.of(1L, 2L, 3L), questions.stream().distinct().limit(3).toList());
            assertTrue(questions.stream().filter(c -> c == 2).count() >= 2, "asked again");
            List<IterationReport> done = iterations(job).subList(0, 3);
            assertEquals(List.of(false, true, true), done.stream().map(i -> i.getPush()).toList());
            assertEquals(List.of(0L, 0L, 1L), done.stream().map(i -> i.getBaseVersion()).toList());
            assertTrue(done.stream().allMatch(i -> i.getUpdateNorm() > 0));
            assertEquals(
                    List.of(true, false, true),
                    done.stream().map(i -> i.getOverheadSeconds() > 0).toList(),
                    "where it pulled before");
            assertEquals(
                    true,
                    List.copyOf(job.reports).stream()
                            .filter(Report::hasReady)
                            .findFirst()
                            .get()
                            .getReady()
                            .getWants(),
                    "the first gradient changes from nothing");
        }
    }

    @Test
    void aWorkerGoesOnForAsManyIterationsAsItIsTold() throws Exception {
        publish("told", "{\"method\": \"ebsp\", \"held_out_samples\": 200}");
        try (PlayedJob job = new PlayedJob(connection, "told", report -> "")) {
            job.iterations = 3;
            play(job, "told", 2);
            assertEquals(
                    List.of(true, false, false, true),
                    iterations(job).stream().map(i -> i.getPush()).limit(4).toList());
        }
    }

    @Test
    void anOfficialUpdateIsScoredAsTheModelItStandsFor() throws Exception {
        publish(
                "official",
                "{\"method\": \"official\", \"alpha\": -0.5, \"held_out_samples\": 200, \"update_type\": \"fp32\","
                        + " \"tail_average\": 0, \"mini_batch\": 16, \"learning_rate\": 0.1}");
        // Without an answer the worker goes no further: an evaluator leaves out what is not its
        // newest.
        try (PlayedJob job = new PlayedJob(connection, "official", report -> null)) {
            CompletableFuture<Score> scored = new CompletableFuture<>();
            TopicFollower scores = new TopicFollower(connection);
            scores.addFromEnd(connection.topics().scores());
            try (Devices devices = new Devices(connection, "official", new StopSignal(), dir);
                    Listener listener =
                            new Listener(
                                    "scores",
                                    scores,
                                    r -> {
                                        Score score = parse(r.value());
                                        if (score.hasUpdate()) {
                                            scored.complete(score);
                                        }
                                    })) {
                // Slices suffice for the score; the report comes after them.
                job.playUntil(
                        () ->
                                scored.isDone()
                                        && pushed(job, scored.join().getUpdate()).isPresent());
                Score score = scored.get();
                IterationReport pushed = pushed(job, score.getUpdate()).orElseThrow();
                // The first push stands for all that the worker did since version 0.
                assertEquals(pushed.getHeldOutLoss(), score.getLoss(), 1e-4);
            }
        }
    }

    private static Optional<IterationReport> pushed(PlayedJob job, UpdateId id) {
        return iterations(job).stream().filter(i -> i.getClock() == id.getSequence()).findFirst();
    }

    private static void assertBetween(long low, long high, long value) {
        assertTrue(low <= value && value <= high, value + " is not within " + low + " and " + high);
    }

    /** Each once: a device that waits for its answer says its report again. */
    private static List<IterationReport> iterations(PlayedJob job) {
        return List.copyOf(job.reports).stream()
                .filter(Report::hasIteration)
                .map(Report::getIteration)
                .distinct()
                .toList();
    }

    /** Runs worker and evaluator until the job has ended the run; returns the versions' scores. */
    private List<Score> play(PlayedJob job, String run, int pushes) throws Exception {
        List<Score> seen = new ArrayList<>();
        TopicFollower follower = new TopicFollower(connection);
        follower.addFromEnd(connection.topics().scores());
        try (follower;
                Devices devices = new Devices(connection, run, new StopSignal(), dir)) {
            job.playTo(pushes);
            // The end would let the evaluator pass over a version that it has not scored yet.
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (seen.stream()
                    .noneMatch(s -> s.getRun().equals(run) && s.getVersion() == pushes)) {
                assertTrue(System.nanoTime() < deadline, () -> "Not scored: " + seen);
                follower.poll(Duration.ofMillis(100)).forEach(r -> seen.add(parse(r.value())));
            }
            job.end();
            assertEquals(0, devices.worker.get(60, TimeUnit.SECONDS));
            assertEquals(0, devices.evaluator.get(60, TimeUnit.SECONDS));
            follower.readToEnd(r -> seen.add(parse(r.value())));
        }
        // Others may be of updates, which the defence audits.
        return seen.stream().filter(s -> s.getRun().equals(run) && s.hasVersion()).toList();
    }

    private static Score parse(byte[] value) {
        try {
            return Score.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private void publish(String run, String settings) throws Exception {
        TestBroker.shared().create(connection.topics().ofRun(run));
        Path file = Files.writeString(dir.resolve(run + ".json"), settings);
        JsonNode answer = line(TestRuns.publication(connection, run, file));
        assertEquals(109_386, answer.get("parameters").asInt());
    }

    /** Standard output of a command, which must be one line of JSON. */
    private static synchronized JsonNode line(String... args) throws Exception {
        PrintStream real = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            assertEquals(0, EdgeWorker.run(args));
        } finally {
            System.setOut(real);
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertEquals(1, text.lines().count(), text);
        return new ObjectMapper().readTree(text);
    }
}
