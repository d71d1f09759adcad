package org.hermesml.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Presets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One recorded trace through core alone and through the Flink functions. */
class SameDecisionsTest {
    static Stream<Arguments> everyMethodStraightAndRestored() {
        return Presets.METHODS.stream()
                .flatMap(
                        m ->
                                switch (m) {
                                    case "hermes" ->
                                            Stream.of(
                                                    m,
                                                    "hermes delta",
                                                    "hermes int8",
                                                    "hermes rounds",
                                                    "hermes rounds defended");
                                    case "bsp" -> Stream.of(m, "bsp int8");
                                    default -> Stream.of(m);
                                })
                .flatMap(m -> Stream.of(arguments(m, false), arguments(m, true)));
    }

    @ParameterizedTest
    @MethodSource("everyMethodStraightAndRestored")
    void aTraceGivesTheSameDecisionsThroughBothHosts(String method, boolean restoreAlways)
            throws Exception {
        RunSpec spec = spec(method);
        List<Fleet.Record> trace = Fleet.trace(spec, 7, 3, restoreAlways ? 4 : 10);
        try (Server core = new CoreServer(spec);
                Server flink = new FlinkServer(spec, restoreAlways)) {
            for (Fleet.Record record : trace) {
                record.to(core);
                record.to(flink);
            }
            assertTrue(
                    core.verdicts().stream().filter(Verdict::hasAdmitted).count() + closed(core)
                            > (method.equals("local") ? 1 : 2));
            assertEquals(
                    method.endsWith("defended") ? 1 : 0,
                    core.directives().stream().filter(Directive::hasDismissal).count());
            assertEquals(core.verdicts(), flink.verdicts());
            assertEquals(core.models(), flink.models());
            assertEquals(core.directives(), flink.directives());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hermes rounds", "bsp", "balanced", "ebsp", "ssp", "selsync"})
    void aWorkerThatDiesHoldsTheOthersNoLongerThanItsDeadlineInBothHosts(String method)
            throws Exception {
        RunSpec spec = spec(method);
        List<Fleet.Record> trace = Fleet.trace(spec, 7, 3, 30, 6);
        try (Server core = new CoreServer(spec);
                Server flink = new FlinkServer(spec, false)) {
            long versionsAtDeath = 0;
            for (Fleet.Record record : trace) {
                if (record.timeMs() < 8_000) {
                    versionsAtDeath = core.models().size();
                }
                record.to(core);
                record.to(flink);
            }
            assertTrue(core.models().size() > versionsAtDeath + 10, "the others go on");
            assertEquals(core.verdicts(), flink.verdicts());
            assertEquals(core.models(), flink.models());
            assertEquals(core.directives(), flink.directives());
        }
    }

    private static RunSpec spec(String method) {
        Map<String, String> settings = new HashMap<>();
        settings.put("method", method.split(" ")[0]);
        settings.put(
                "merge",
                method.endsWith("delta")
                        ? "delta"
                        : method.contains("rounds") ? "round" : "average");
        settings.put("defence", "" + method.endsWith("defended"));
        settings.put("update_type", method.endsWith("int8") ? "int8" : "fp32");
        settings.put("model_type", method.endsWith("int8") ? "int8" : "fp32");
        settings.put("alpha", "-0.9");
        settings.put("min_workers", "2");
        // Of `local` a worker pushes once, when it has reached the target by its own count.
        settings.put("target_accuracy", method.equals("local") ? "0.4" : "1.1");
        settings.put("server_momentum", "0.5");
        settings.put("staleness_exponent", "0.5");
        settings.put("staleness_bound", "1");
        settings.put("buffer_size", "2");
        settings.put("lookahead", "3");
        settings.put("selsync_delta", "0.05");
        settings.put("selsync_smoothing", "1");
        settings.put("patience", "1000");
        return Fixtures.spec(settings);
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
