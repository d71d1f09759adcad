package org.hermesml.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Activity;
import org.hermesml.core.message.Progress;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.UpdateId;
import org.hermesml.edge.kafka.Connection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices behind a slow line, under the real rules and with a real broker behind the line. */
class SlowLinkIT {
    private static final String PREFIX = "slow-it.";

    private static Connection connection;

    @TempDir Path dir;

    @BeforeAll
    static void startBroker() throws Exception {
        connection = TestBroker.shared().connection(PREFIX);
        TestBroker.shared().create(connection.topics().shared());
    }

    @Test
    void aPushThatTakesLongerThanSilenceIsNoSilenceAndIsAdmitted() throws Exception {
        publish("slow", "\"slice_parameters\": 200000, \"shards\": 1, \"silence_floor\": \"4s\"");
        try (RuledJob job = new RuledJob(connection, "slow");
                SlowLink link = TestBroker.shared().link(50_000);
                WorkerProcess worker = worker("slow")) {
            job.playUntil(() -> job.taken().size() >= 1);
            List<Activity> signs =
                    job.reports.stream()
                            .filter(Report::hasProgress)
                            .map(Report::getProgress)
                            .map(Progress::getActivity)
                            .toList();
            for (Activity activity :
                    List.of(Activity.FETCHING, Activity.SENDING, Activity.PULLING)) {
                assertTrue(signs.contains(activity), activity + ": " + signs);
            }
            // One slice of 437 KB at 50 KB/s: twice the floor without a report, both ways.
            assertEquals(
                    1, job.reports.stream().filter(Report::hasHello).count(), worker.said + "");
            assertTrue(job.server().allocations().workers().get("w").getLive());
            assertTrue(
                    job.directives.stream()
                                    .filter(d -> d.hasModel() && d.getWorker().equals("w"))
                                    .count()
                            <= 1,
                    "it was never taken for gone and back");
            assertTrue(job.verdicts.stream().noneMatch(v -> v.hasRefused()), job.verdicts + "");
            job.stop();
            assertEquals(0, worker.awaitEnd(), worker.said + "");
        }
    }

    @Test
    void aPushThatIsCutOffGoesOnAtTheSliceWhereItBroke() throws Exception {
        publish("cut", "\"slice_parameters\": 5000, \"shards\": 2, \"silence_floor\": \"60s\"");
        try (RuledJob job = new RuledJob(connection, "cut");
                SlowLink link = TestBroker.shared().link(100_000);
                WorkerProcess worker = worker("cut")) {
            job.playUntil(() -> slicesOfFirst(job) >= 3);
            link.cut();
            UpdateId first = first(job);
            int before = slicesOfFirst(job);
            // Each of its Kafka clients has tried more than once.
            job.playUntil(() -> link.refused() >= 20);
            assertTrue(slicesOfFirst(job) < 22, "it is interrupted");
            link.mend();
            job.playUntil(() -> job.taken().containsKey(first));
            assertEquals(1, job.taken().get(first));
            int again = slicesOfFirst(job) - 22;
            assertTrue(again <= 8, again + " slices twice, " + before + " before the cut");
            job.playUntil(() -> job.taken().size() >= 2);
            job.stop();
            assertEquals(0, worker.awaitEnd(), worker.said + "");
            assertTrue(job.verdicts.stream().noneMatch(v -> v.hasRefused()), job.verdicts + "");
        }
    }

    private static UpdateId first(RuledJob job) {
        return job.slicesArrived.keySet().stream()
                .filter(id -> !UpdateIds.isInitial(id))
                .min(UpdateIds.AGE)
                .orElseThrow();
    }

    private static int slicesOfFirst(RuledJob job) {
        return job.slicesArrived.keySet().stream().allMatch(UpdateIds::isInitial)
                ? 0
                : job.slicesArrived.get(first(job));
    }

    private WorkerProcess worker(String run) throws Exception {
        Connection slow = new Connection(TestBroker.shared().slowBootstrap(), connection.topics());
        return new WorkerProcess(TestRuns.device(slow, run, "w", dir.resolve("state")));
    }

    private void publish(String run, String settings) throws Exception {
        TestRuns.publish(
                connection,
                run,
                dir,
                "{\"method\": \"asp\", \"held_out_samples\": 100, \"samples\": 200,"
                        + " \"training_samples\": 600, \"fill_memory\": false,"
                        + " \"allocation\": false, \"update_type\": \"fp32\", "
                        + settings
                        + "}");
    }
}
