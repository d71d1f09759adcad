package org.hermesml.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One recorded trace through core alone and through the Flink functions. */
class SameDecisionsTest {
    @ParameterizedTest
    @CsvSource({
        "hermes, average, false",
        "hermes, average, true",
        "hermes, delta, false",
        "official, average, false",
        "official, average, true",
        "bsp, average, false",
        "bsp, average, true",
        "asp, average, false",
        "asp, average, true"
    })
    void aTraceGivesTheSameDecisionsThroughBothHosts(
            String method, String merge, boolean restoreAlways) throws Exception {
        RunSpec spec =
                Fixtures.spec(
                        Map.of(
                                "method",
                                method,
                                "merge",
                                merge,
                                "alpha",
                                "-0.9",
                                "min_workers",
                                "2",
                                "target_accuracy",
                                "1.1"));
        List<Fleet.Record> trace = Fleet.trace(spec, 7, 3, restoreAlways ? 4 : 10);
        try (Server core = new CoreServer(spec);
                Server flink = new FlinkServer(spec, restoreAlways)) {
            for (Fleet.Record record : trace) {
                record.to(core);
                record.to(flink);
            }
            assertTrue(
                    core.verdicts().stream().filter(Verdict::hasAdmitted).count() + closed(core)
                            > 2);
            assertEquals(core.verdicts(), flink.verdicts());
            assertEquals(core.models(), flink.models());
            assertEquals(core.directives(), flink.directives());
        }
    }

    @Test
    void nothingIsKeptOfARunThatHasEnded() throws Exception {
        RunSpec spec = Fixtures.spec(Map.of("max_versions", "4", "alpha", "-0.9"));
        try (FlinkServer server = new FlinkServer(spec, false)) {
            for (Fleet.Record record : Fleet.trace(spec, 3, 3, 8)) {
                record.to(server);
            }
            assertEquals(1, server.ends().size());
            assertTrue(server.keyedEntries() > 0);

            server.forget(Fixtures.record(spec, RunPhase.ENDED));
            assertEquals(0, server.keyedEntries());
            Fleet.trace(spec, 3, 3, 8).get(0).to(server);
            server.score(Fixtures.score(1, 1, 0.5));
            assertEquals(0, server.keyedEntries(), "records of an ended run touch no state");
        }
    }

    @Test
    void theTargetEndsARunOnceItsLastVersionIsPublished() throws Exception {
        RunSpec spec = Fixtures.spec(Map.of("target_accuracy", "0.5", "alpha", "-0.9"));
        try (Server server = new CoreServer(spec)) {
            for (Fleet.Record record : Fleet.trace(spec, 3, 3, 8)) {
                record.to(server);
            }
            assertEquals(1, server.ends().size());
            assertFalse(server.ends().get(0).getBestAccuracy() < 0.5);
            assertTrue(server.directives().get(server.directives().size() - 1).hasStop());
        }
    }

    private static long closed(Server server) {
        return server.verdicts().stream().filter(Verdict::hasRoundClosed).count();
    }
}
