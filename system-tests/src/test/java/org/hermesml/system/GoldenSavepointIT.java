package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.hermesml.cli.local.FlinkMiniCluster;
import org.hermesml.cli.local.FlinkRest;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.local.HermesJobs;
import org.hermesml.cli.local.LocalBroker;
import org.hermesml.cli.local.SavedStates;
import org.hermesml.cli.local.TopicAdmin;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.wire.Topics;
import org.hermesml.job.HermesJob;
import org.hermesml.job.JobSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A savepoint that an earlier build wrote restores, and its run goes on: two versions stand, with a
 * velocity, and a third round has one of two updates. Beside it lies what the broker held.
 *
 * <p>A new one, when the state of a release is to be pinned: {@code mvn verify -pl system-tests -am
 * -Dit.test='GoldenSavepointIT#makesANewOneWhenAsked' -Dhermes.rewrite=true}, in the folder that
 * {@link #GOLDEN} names.
 */
class GoldenSavepointIT {
    /** The newest; the ones before it stay and must restore too. */
    private static final String GOLDEN = "golden-savepoint-2";

    private static final int PARALLELISM = 2;
    private static final Duration LONG = Duration.ofMinutes(4);

    /** No run is let go on for longer than this by its settings. */
    private static final Duration LONGEST_RUN = Duration.ofDays(365);

    @TempDir Path dir;

    private final Topics topics = new Topics(Topics.DEFAULT_PREFIX);
    private LocalBroker broker;
    private FlinkMiniCluster flink;

    @BeforeEach
    void start() {
        broker = LocalBroker.start(dir.resolve("broker"));
        broker.awaitReady();
        List<Topics.Topic> all = new ArrayList<>(topics.shared());
        all.addAll(topics.ofRun(GoldenRun.RUN));
        try (TopicAdmin admin = TopicAdmin.connect(broker.bootstrap())) {
            admin.create(all);
        }
        flink =
                FlinkMiniCluster.start(
                        new HermesHome(Hermes.HOME), dir.resolve("flink"), PARALLELISM, 0);
    }

    @AfterEach
    void end() {
        if (flink != null) {
            flink.close();
        }
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"golden-savepoint-1", GOLDEN})
    void theRunOfAnEarlierSavepointGoesOn(String name) throws Exception {
        Path golden = golden(name);
        GoldenTopics.restore(broker.bootstrap(), golden.resolve("topics.bin"));
        submit(Optional.of(SavedStates.checked(golden.toString())));
        try (GoldenRun run = new GoldenRun(broker.bootstrap())) {
            long born = run.recorded().spec().getCreatedMs();
            List<NumberedVerdict> before = run.recorded().counting();
            assertEquals(2, before.get(before.size() - 1).getVersion());
            if (System.currentTimeMillis() - born > LONGEST_RUN.toMillis()) {
                endsForItsAge(run);
                return;
            }
            run.goesOn("b", incarnation(before, "b"));
            run.push("b", 3, 2);
            run.awaitVersion(3);
            run.goesOn("a", incarnation(before, "a"));
            run.push("a", 4, 3);
            run.push("b", 4, 3);
            run.awaitVersion(4);
            List<NumberedVerdict> after = run.recorded().counting();
            assertEquals(before, after.subList(0, before.size()), "the log only grows");
            assertEquals(4, after.get(after.size() - 1).getVersion());
            // The velocity and the half of a round in it came from the savepoint alone.
            assertEquals(5, new Replayed(run.recorded()).assertSameBytes());
        }
    }

    @Test
    void makesANewOneWhenAsked() throws Exception {
        assumeTrue(Boolean.getBoolean("hermes.rewrite"), "hermes.rewrite is not set");
        FlinkMiniCluster.Submitted job = submit(Optional.empty());
        try (GoldenRun run = new GoldenRun(broker.bootstrap())) {
            run.begin();
            run.join("a");
            run.join("b");
            run.awaitVersion(0);
            for (int clock = 1; clock <= 2; clock++) {
                run.push("a", clock, clock - 1);
                run.push("b", clock, clock - 1);
                run.awaitVersion(clock);
            }
            run.push("a", 3, 2);
            run.awaitEntries(8);
            assertTrue(run.heldNow().contains("a:"), run.heldNow());
        }
        String written =
                HermesJobs.savepoint(
                        new FlinkRest(flink.rest().toString()),
                        job.id().toHexString(),
                        Optional.of(dir.resolve("savepoint").toUri().toString()),
                        true);
        Path into = Hermes.HOME.resolve("system-tests/src/test/resources").resolve(GOLDEN);
        copy(Path.of(java.net.URI.create(written).getPath()), into);
        List<String> names =
                Stream.concat(topics.shared().stream(), topics.ofRun(GoldenRun.RUN).stream())
                        .map(Topics.Topic::name)
                        .toList();
        GoldenTopics.save(broker.bootstrap(), names, into.resolve("topics.bin"));
    }

    private void endsForItsAge(GoldenRun run) throws Exception {
        Patience.until("the run ends", LONG, () -> run.recorded().end().isPresent());
        RunEnd end = run.recorded().end().orElseThrow();
        assertEquals(EndReason.TIME, end.getReason());
        new Replayed(run.recorded()).assertSameBytes();
    }

    private FlinkMiniCluster.Submitted submit(Optional<String> from) {
        StreamExecutionEnvironment env = flink.environment();
        HermesJob.build(
                env,
                new JobSettings(broker.bootstrap(), topics, PARALLELISM, Duration.ofSeconds(5)));
        return flink.submit(env, HermesJob.NAME, from);
    }

    private static long incarnation(List<NumberedVerdict> entries, String worker) {
        return entries.stream()
                .map(entry -> entry.getVerdict().getHeld().getId())
                .filter(id -> id.getWorker().equals(worker))
                .findFirst()
                .orElseThrow()
                .getIncarnation();
    }

    private static Path golden(String name) throws Exception {
        return Path.of(GoldenSavepointIT.class.getResource("/" + name).toURI());
    }

    private static void copy(Path from, Path into) throws IOException {
        Files.createDirectories(into);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        into.resolve(file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
