package org.hermesml.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.wire.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tens of thousands of records that nobody should send, through all functions of the job. */
class BadRecordsTest {
    private static final long SEED = Long.getLong("hermes.seed", 20_261);
    private static final long LIFE = 7;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Mutations mutations = new Mutations(random);
    private long offset = 100;
    private long nowMs = 1;

    @ParameterizedTest
    @ValueSource(strings = {"round", "average", "asp", "selsync", "ssp"})
    void badRecordsOnEveryTopicLeaveTheServerAsGoodAsItWas(String method) throws Exception {
        RunSpec spec = spec(method);
        try (FlinkServer server = new FlinkServer(spec, LIFE)) {
            begin(server, spec);
            for (int i = 0; i < 6_000; i++) {
                feed(server, bad(spec, false), i);
            }
            long versions =
                    server.models().stream().mapToLong(ModelSlice::getVersion).max().orElse(-1);
            assertTrue(server.refused().size() > 3_000, () -> "refused " + server.refused().size());
            server.refused().forEach(BadRecordsTest::assertShowable);

            pushHonestly(server, spec, "honest", 9_000_000);
            assertTrue(
                    server.verdicts().stream()
                            .anyMatch(v -> v.toString().contains("\"honest\"") && !v.hasRefused()),
                    () ->
                            "seed "
                                    + SEED
                                    + ": "
                                    + server.verdicts()
                                            .subList(
                                                    Math.max(0, server.verdicts().size() - 12),
                                                    server.verdicts().size())
                                    + last(server.refused()));
            for (ModelSlice slice : server.models()) {
                for (float value : Values.decode(slice.getValues(), slice.getType())) {
                    assertTrue(Float.isFinite(value), () -> "seed " + SEED + ": " + slice);
                }
            }
            assertTrue(versions >= 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"round", "average"})
    void aForgedLogMayStopARunButNoServer(String method) throws Exception {
        RunSpec spec = spec(method);
        for (int forged = 0; forged < 10; forged++) {
            try (FlinkServer server = new FlinkServer(spec, LIFE)) {
                begin(server, spec);
                for (int i = 0; i < 100; i++) {
                    feed(server, bad(spec, true), i);
                }
            }
        }
    }

    @Test
    void noRefusalIsTooLargeToBeWrittenOrUnfitToBeShown() {
        RefusedRecord refused =
                RefusedRecord.newBuilder()
                        .setRun("r".repeat(1_000_000))
                        .setWorker("\u001b[2J")
                        .setReason("'" + "\u001b\n".repeat(500_000) + "' is no run id")
                        .setId(UpdateIds.of("x".repeat(1_000_000), 1, 1))
                        .build();
        RefusedRecord fit = RefusedFunction.fit(refused);
        assertTrue(fit.getSerializedSize() < 2_000);
        assertShowable(fit);
        assertEquals("", fit.getRun());
    }

    private static List<RefusedRecord> last(List<RefusedRecord> refused) {
        return refused.stream().filter(r -> r.getWorker().equals("honest")).toList();
    }

    private static RunSpec spec(String method) {
        boolean merge = method.equals("round") || method.equals("average");
        return Fixtures.spec(
                Map.of(
                        merge ? "merge" : "method",
                        method,
                        "target_accuracy",
                        "1.1",
                        "patience",
                        "1000000",
                        "max_time",
                        "30d",
                        "quorum",
                        "0.01",
                        "push_deadline",
                        "20s",
                        "gate",
                        "false"));
    }

    // ---- good ones

    private void begin(FlinkServer server, RunSpec spec) throws Exception {
        for (Message good : GoodMessages.of(spec, LIFE)) {
            SentRecord record = SentRecord.of(good);
            if (!record.topic().equals("verdicts") && !record.topic().equals("runs")) {
                feed(server, record, -1);
            }
        }
    }

    private void pushHonestly(FlinkServer server, RunSpec spec, String worker, long incarnation)
            throws Exception {
        offset = incarnation;
        feed(
                server,
                SentRecord.of(
                        GoodMessages.report(worker).setHello(Hello.getDefaultInstance()).build()),
                -1);
        UpdateId id = UpdateIds.of(worker, incarnation, 1);
        if (spec.getSettingsOrThrow("method").equals("selsync")) {
            feed(server, SentRecord.of(GoodMessages.ready(worker, incarnation)), -1);
        }
        for (UpdateSlice slice :
                Fixtures.slices(
                        spec, id, GoodMessages.form(spec), new float[Fixtures.PARAMETERS])) {
            feed(server, SentRecord.of(slice), -1);
        }
        Report push =
                GoodMessages.report(worker)
                        .setIncarnation(incarnation)
                        .setIteration(GoodMessages.iteration(1, true))
                        .build();
        feed(server, SentRecord.of(push), -1);
        feed(
                server,
                SentRecord.of(Fixtures.score(0, 0.7, 0.4).toBuilder().setUpdate(id).build()),
                -1);
        for (int i = 0; i < 40; i++) {
            nowMs += 60_000;
            server.timeIs(nowMs);
        }
    }

    // ---- bad ones

    private SentRecord bad(RunSpec spec, boolean forgedLog) {
        List<Message> messages = GoodMessages.of(spec, LIFE);
        Message good = messages.get(random.nextInt(messages.size()));
        if (random.nextInt(3) == 0) {
            return harmless(
                    SentRecord.of(good).with(mutations.ofBytes(good.toByteString())), forgedLog);
        }
        SentRecord bad = SentRecord.of(mutations.ofFields(good));
        return harmless(
                random.nextInt(4) == 0 ? SentRecord.of(good).with(bad.value()) : bad, forgedLog);
    }

    /** That a run is ended or its log forged is for the broker's rules of access to prevent. */
    private SentRecord harmless(SentRecord bad, boolean forgedLog) {
        try {
            if (bad.topic().equals("runs")) {
                RunRecord run = RunRecord.parseFrom(bad.value());
                boolean ends =
                        run.getPhase() == RunPhase.ENDED || run.getPhase() == RunPhase.STOPPING;
                return ends && !forgedLog
                        ? new SentRecord(
                                "runs",
                                "other",
                                run.toBuilder().setRun("other").build().toByteString())
                        : bad;
            }
            if (bad.topic().equals("verdicts") && !forgedLog) {
                Verdict verdict = Verdict.parseFrom(bad.value());
                return new SentRecord(
                        "verdicts",
                        bad.key(),
                        (verdict.hasResumed()
                                        ? verdict.toBuilder().clearResumed()
                                        : verdict.toBuilder())
                                .setLife(LIFE - 1)
                                .build()
                                .toByteString());
            }
            return bad;
        } catch (InvalidProtocolBufferException e) {
            return bad;
        }
    }

    private void feed(FlinkServer server, SentRecord record, int number) throws Exception {
        try {
            server.record(record.topic(), record.key(), record.value(), offset++);
            if (number % 10 == 0) {
                nowMs += 100;
                server.timeIs(nowMs);
            }
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "Seed " + SEED + ", record " + number + " of " + record.topic(), e);
        }
    }

    private static void assertShowable(RefusedRecord refused) {
        RefusedRecord fit = RefusedFunction.fit(refused);
        assertTrue(fit.getReason().length() <= 500 && !fit.getReason().isEmpty());
        assertTrue(fit.getReason().codePoints().noneMatch(Character::isISOControl), fit::getReason);
    }
}
