package org.hermesml.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.PushState;
import org.hermesml.core.state.WorkerSnapshot;
import org.hermesml.edge.kafka.Connection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are killed and come back, and two that want one place, under the real rules. */
class ReturnIT {
    private static final String PREFIX = "return-it.";
    private static Connection connection;

    @TempDir Path dir;

    @BeforeAll
    static void startBroker() throws Exception {
        connection = TestBroker.shared().connection(PREFIX);
        TestBroker.shared().create(connection.topics().shared());
    }

    @Test
    void aKilledWorkerGoesOnWithItsWindowThresholdAndAllocation() throws Exception {
        // Hardly ever pushes: the window fills and the threshold decays.
        publish(
                "killed",
                "{\"method\": \"hermes\", \"alpha\": -3, \"window_size\": 4, \"lambda\": 2, \"beta\": 0.01,"
                        + " \"held_out_samples\": 200, \"samples\": 400, \"silence_floor\": \"2s\","
                        + " \"allocation_every\": 1, \"seed\": 5}");
        try (RuledJob job = new RuledJob(connection, "killed")) {
            long life;
            try (WorkerProcess worker = worker("killed", "w", "--slowdown", "20")) {
                job.playUntil(() -> job.server().account("w").getClock() >= 5);
                life = job.incarnation("w");
                awaitSavedState(job, worker);
            }
            PushState window = job.server().account("w").getPush();
            long clock = job.server().account("w").getClock();
            Allocation allocation = allocation(job);
            assertEquals(4, window.getLossesCount());
            assertTrue(window.getThreshold() > -3, "it has decayed");

            long version = job.server().account("w").getBaseVersion();
            try (WorkerProcess worker = worker("killed", "w")) {
                job.playUntil(
                        () ->
                                job.incarnation("w") != life
                                        && job.server().account("w").getClock() >= 2);
                IterationReport first = job.iterations(job.incarnation("w")).get(0);
                assertEquals(1, first.getClock());
                assertEquals(window, first.getBefore(), "after iteration " + clock);
                assertEquals(window.getThreshold(), first.getThreshold());
                assertEquals(version, first.getBaseVersion());
                Allocation told = firstAllocation(job, job.incarnation("w"));
                assertEquals(allocation.getSamples(), told.getSamples());
                assertEquals(allocation.getMiniBatch(), told.getMiniBatch());
                assertEquals(allocation.getSeed(), told.getSeed());
                assertEquals(told.getGeneration(), first.getAllocation());
                assertTrue(
                        first.getTrainLoss() < job.iterations(life).get(0).getTrainLoss(),
                        "with its own weights");
                job.stop();
                assertEquals(0, worker.awaitEnd(), worker.said + "");
                assertTrue(worker.hasSaid("Going on after iteration " + clock), worker.said + "");
            }
            assertEquals(List.of(), job.refusals);
            assertEquals(List.of(), files(), "removed at the end of the run");
        }
    }

    @Test
    void aWorkerKilledWhileItsPushIsOnTheWayIsMergedOnceAndGoesOnFromTheNewestVersion()
            throws Exception {
        publish(
                "pushing",
                "{\"method\": \"asp\", \"held_out_samples\": 200, \"samples\": 400,"
                        + " \"silence_floor\": \"2s\", \"seed\": 5}");
        try (RuledJob job = new RuledJob(connection, "pushing")) {
            for (int life = 1; life <= 3; life++) {
                int taken = job.taken().size();
                try (WorkerProcess worker = worker("pushing", "w")) {
                    job.playUntil(() -> job.taken().size() > taken + 1);
                    worker.kill();
                    job.playToEnd();
                }
            }
            try (WorkerProcess worker = worker("pushing", "w")) {
                int taken = job.taken().size();
                job.playUntil(() -> job.taken().size() > taken);
                job.stop();
                assertEquals(0, worker.awaitEnd(), worker.said + "");
            }
            assertTrue(job.taken().values().stream().allMatch(n -> n == 1), job.taken() + "");
            assertTrue(job.verdicts.stream().noneMatch(v -> v.hasRefused()), job.verdicts + "");
        }
    }

    @Test
    void aStateOfNoUseIsSaidAndTheWorkerBeginsWithTheThresholdThatItHad() throws Exception {
        publish(
                "damaged",
                "{\"method\": \"hermes\", \"alpha\": -3, \"window_size\": 4, \"lambda\": 2, \"beta\": 0.01,"
                        + " \"held_out_samples\": 200, \"samples\": 400, \"silence_floor\": \"2s\","
                        + " \"allocation\": false, \"seed\": 5}");
        try (RuledJob job = new RuledJob(connection, "damaged")) {
            long life;
            try (WorkerProcess worker = worker("damaged", "w", "--slowdown", "20")) {
                job.playUntil(() -> job.server().account("w").getClock() >= 4);
                life = job.incarnation("w");
                awaitSavedState(job, worker);
            }
            double threshold = job.server().account("w").getPush().getThreshold();
            assertTrue(threshold > -3);
            Path state = files().get(0);
            byte[] bytes = Files.readAllBytes(state);
            bytes[bytes.length / 2] ^= 1;
            Files.write(state, bytes);
            try (WorkerProcess worker = worker("damaged", "w")) {
                job.playUntil(
                        () ->
                                job.incarnation("w") != life
                                        && job.server().account("w").getClock() >= 1);
                IterationReport first = job.iterations(job.incarnation("w")).get(0);
                assertEquals(threshold, first.getThreshold());
                assertEquals(0, first.getBefore().getLossesCount());
                job.stop();
                assertEquals(0, worker.awaitEnd(), worker.said + "");
                assertTrue(worker.hasSaid("its checksum does not fit"), worker.said + "");
            }
        }
    }

    @Test
    void aFolderThatCannotBeWrittenToIsSaidWithTheFixAndTrainingGoesOn() throws Exception {
        publish(
                "no-folder",
                "{\"method\": \"asp\", \"held_out_samples\": 200, \"samples\": 400,"
                        + " \"silence_floor\": \"2s\"}");
        Path file = Files.writeString(dir.resolve("a-file"), "no folder");
        try (RuledJob job = new RuledJob(connection, "no-folder");
                WorkerProcess worker = worker("no-folder", "w", file)) {
            job.playUntil(() -> job.taken().size() >= 2);
            job.stop();
            assertEquals(0, worker.awaitEnd(), worker.said + "");
            long warnings =
                    worker.said.stream()
                            .filter(l -> l.contains("cannot be saved in"))
                            .filter(l -> l.contains("name another folder with --state"))
                            .count();
            assertEquals(1, warnings, worker.said + "");
        }
    }

    @Test
    void ofTwoProcessesWithOneIdOneStaysAndBothSaySo() throws Exception {
        publish(
                "two",
                "{\"method\": \"asp\", \"held_out_samples\": 200, \"samples\": 400,"
                        + " \"silence_floor\": \"20s\"}");
        try (RuledJob job = new RuledJob(connection, "two");
                WorkerProcess first = worker("two", "w", dir.resolve("one"))) {
            job.playUntil(() -> job.taken().size() >= 1);
            try (WorkerProcess second = worker("two", "w")) {
                job.playUntil(() -> !first.isAlive());
                assertEquals(1, first.awaitEnd(), first.said + "");
                assertTrue(first.hasSaid("Dismissed from run two: another process with the id w"));
                assertTrue(first.hasSaid("has taken its place"), first.said + "");
                job.playUntil(() -> second.hasSaid("is turned away; give every device an --id"));
                long place = job.incarnation("w");
                try (WorkerProcess third = worker("two", "w")) {
                    job.playUntil(() -> !third.isAlive());
                    assertEquals(1, third.awaitEnd(), third.said + "");
                    assertTrue(third.hasSaid("and has its place; every device needs an id"));
                }
                int taken = job.taken().size();
                job.playUntil(() -> job.taken().size() > taken);
                assertEquals(place, job.incarnation("w"), "the second stays");
                assertFalse(job.refusals.isEmpty());
                job.refusals.forEach(r -> assertTrue(r.contains("another process with"), r));
                job.stop();
                assertEquals(0, second.awaitEnd(), second.said + "");
            }
        }
    }

    /**
     * Kills the worker at a moment when what it saved is what it reported last: the file is written
     * a moment after the report has arrived.
     */
    private void awaitSavedState(RuledJob job, WorkerProcess worker) throws Exception {
        do {
            worker.thaw();
            long clock = job.server().account("w").getClock();
            job.playUntil(() -> job.server().account("w").getClock() > clock);
            long after = job.server().account("w").getClock();
            job.playUntil(() -> savedClock() >= after);
            worker.freeze();
            job.playToEnd();
        } while (savedClock() != job.server().account("w").getClock());
        worker.kill();
        job.playToEnd();
    }

    private long savedClock() {
        try {
            if (files().isEmpty()) {
                return -1;
            }
            try (InputStream file = Files.newInputStream(files().get(0))) {
                return WorkerSnapshot.parseDelimitedFrom(file).getRestored().getClock();
            }
        } catch (IOException e) {
            return -1;
        }
    }

    private List<Path> files() throws IOException {
        Path folder = dir.resolve("state");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(p -> p.toString().endsWith(".state")).toList();
        }
    }

    private static Allocation firstAllocation(RuledJob job, long incarnation) {
        return job.directives.stream()
                .filter(d -> d.getIncarnation() == incarnation && d.hasAllocation())
                .findFirst()
                .orElseThrow()
                .getAllocation();
    }

    private static Allocation allocation(RuledJob job) {
        return job.server().allocations().workers().get("w").getAllocation();
    }

    private WorkerProcess worker(String run, String id, String... more) throws Exception {
        return worker(run, id, dir.resolve("state"), more);
    }

    private static WorkerProcess worker(String run, String id, Path state, String... more)
            throws Exception {
        return new WorkerProcess(
                Stream.of(TestRuns.device(connection, run, id, state), more)
                        .flatMap(Stream::of)
                        .toArray(String[]::new));
    }

    private void publish(String run, String settings) throws Exception {
        TestRuns.publish(connection, run, dir, settings);
    }
}
