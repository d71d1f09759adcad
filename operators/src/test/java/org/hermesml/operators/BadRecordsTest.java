package org.hermesml.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.hermesml.core.Protocol;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.Goodbye;
import org.hermesml.core.message.Held;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.Ready;
import org.hermesml.core.message.Refused;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.Released;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.Resumed;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.message.WorkerClock;
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

    // ---- good ones

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

    private void begin(FlinkServer server, RunSpec spec) throws Exception {
        for (Bad good : good(spec)) {
            if (!good.topic.equals("verdicts") && !good.topic.equals("runs")) {
                feed(server, good, -1);
            }
        }
    }

    private record Bad(String topic, String key, ByteString value) {}

    private List<Bad> good(RunSpec spec) {
        List<Bad> good = new ArrayList<>();
        for (Message message : messages(spec)) {
            good.add(new Bad(topic(message), key(message), message.toByteString()));
        }
        return good;
    }

    private List<Message> messages(RunSpec spec) {
        List<Message> messages = new ArrayList<>(List.of(Fixtures.running(spec)));
        float[] values = new float[Fixtures.PARAMETERS];
        java.util.Arrays.fill(values, 0.25f);
        messages.add(report("a").setHello(Hello.newBuilder().setDataMemoryBytes(1 << 20)).build());
        messages.addAll(Fixtures.slices(spec, UpdateIds.INITIAL, UpdateForm.WEIGHTS, values));
        UpdateForm form =
                org.hermesml.core.method.Methods.of(
                                org.hermesml.core.settings.Settings.of(spec.getSettingsMap()))
                        .updateForm();
        messages.addAll(Fixtures.slices(spec, UpdateIds.of("a", 100, 1), form, values));
        messages.add(report("a").setIncarnation(100).setIteration(iteration(1, true)).build());
        messages.add(report("a").setIncarnation(100).setIteration(iteration(2, false)).build());
        messages.add(
                report("a")
                        .setIncarnation(100)
                        .setReady(Ready.newBuilder().setClock(3).setWants(true))
                        .build());
        messages.add(report("b").setGoodbye(Goodbye.newBuilder().setReason("done")).build());
        messages.add(Fixtures.score(0, 0.7, 0.4));
        messages.add(
                Fixtures.score(0, 0.7, 0.4).toBuilder()
                        .setUpdate(UpdateIds.of("a", 100, 1))
                        .build());
        UpdateId id = UpdateIds.of("a", 100, 1);
        for (Verdict.Builder verdict :
                List.of(
                        Verdict.newBuilder()
                                .setAdmitted(
                                        Admitted.newBuilder()
                                                .setId(id)
                                                .setKind(MergeKind.AVERAGE)
                                                .setCoefficient(0.5)),
                        Verdict.newBuilder().setHeld(Held.newBuilder().setId(id).setWeight(1)),
                        Verdict.newBuilder().setRefused(Refused.newBuilder().setId(id)),
                        Verdict.newBuilder()
                                .setRoundClosed(
                                        RoundClosed.newBuilder()
                                                .setKind(MergeKind.ADD)
                                                .setCoefficient(1)
                                                .setDivisor(1)),
                        Verdict.newBuilder().setEnd(RunEnd.newBuilder().setText("over")),
                        Verdict.newBuilder().setResumed(Resumed.getDefaultInstance()),
                        Verdict.newBuilder()
                                .setReleased(
                                        Released.newBuilder()
                                                .putWorkers(
                                                        "a",
                                                        WorkerClock.newBuilder()
                                                                .setIncarnation(100)
                                                                .setClock(3)
                                                                .build())))) {
            messages.add(
                    verdict.setProtocol(Protocol.VERSION)
                            .setRun(Fixtures.RUN)
                            .setLife(LIFE)
                            .build());
        }
        return messages;
    }

    private static Report.Builder report(String worker) {
        return Report.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setRun(Fixtures.RUN)
                .setWorker(worker);
    }

    private static IterationReport iteration(long clock, boolean push) {
        return IterationReport.newBuilder()
                .setClock(clock)
                .setHeldOutLoss(0.5)
                .setHeldOutAccuracy(0.5)
                .setSeconds(0.1)
                .setSamples(100)
                .setMiniBatch(16)
                .setEpochs(1)
                .setBefore(PushState.getDefaultInstance())
                .setPush(push)
                .setSliceCount(2)
                .build();
    }

    private void pushHonestly(FlinkServer server, RunSpec spec, String worker, long incarnation)
            throws Exception {
        offset = incarnation;
        feed(server, of(report(worker).setHello(Hello.getDefaultInstance()).build()), -1);
        UpdateForm form =
                org.hermesml.core.method.Methods.of(
                                org.hermesml.core.settings.Settings.of(spec.getSettingsMap()))
                        .updateForm();
        UpdateId id = UpdateIds.of(worker, incarnation, 1);
        if (spec.getSettingsOrThrow("method").equals("selsync")) {
            feed(server, of(ready(worker, incarnation)), -1);
        }
        for (UpdateSlice slice : Fixtures.slices(spec, id, form, new float[Fixtures.PARAMETERS])) {
            feed(server, of(slice), -1);
        }
        Report push =
                report(worker).setIncarnation(incarnation).setIteration(iteration(1, true)).build();
        feed(server, of(push), -1);
        feed(server, of(Fixtures.score(0, 0.7, 0.4).toBuilder().setUpdate(id).build()), -1);
        for (int i = 0; i < 40; i++) {
            nowMs += 60_000;
            server.timeIs(nowMs);
        }
    }

    private static Report ready(String worker, long incarnation) {
        return report(worker)
                .setIncarnation(incarnation)
                .setReady(Ready.newBuilder().setClock(1).setWants(true))
                .build();
    }

    private static Bad of(Message message) {
        return new Bad(topic(message), key(message), message.toByteString());
    }

    // ---- bad ones

    private Bad bad(RunSpec spec, boolean forgedLog) {
        List<Message> messages = messages(spec);
        Message good = messages.get(random.nextInt(messages.size()));
        if (random.nextInt(3) == 0) {
            return harmless(
                    new Bad(topic(good), key(good), mutations.ofBytes(good.toByteString())),
                    forgedLog);
        }
        Message bad = mutations.ofFields(good);
        String key = random.nextInt(4) == 0 ? key(good) : key(bad);
        return harmless(new Bad(topic(good), key, bad.toByteString()), forgedLog);
    }

    /** That a run is ended or its log forged is for the broker's rules of access to prevent. */
    private Bad harmless(Bad bad, boolean forgedLog) {
        try {
            if (bad.topic.equals("runs")) {
                RunRecord run = RunRecord.parseFrom(bad.value);
                boolean ends =
                        run.getPhase() == RunPhase.ENDED || run.getPhase() == RunPhase.STOPPING;
                return ends && !forgedLog
                        ? new Bad(
                                "runs",
                                "other",
                                run.toBuilder().setRun("other").build().toByteString())
                        : bad;
            }
            if (bad.topic.equals("verdicts") && !forgedLog) {
                Verdict verdict = Verdict.parseFrom(bad.value);
                return new Bad(
                        "verdicts",
                        bad.key,
                        (verdict.hasResumed()
                                        ? verdict.toBuilder().clearResumed()
                                        : verdict.toBuilder())
                                .setLife(LIFE - 1)
                                .build()
                                .toByteString());
            }
            return bad;
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            return bad;
        }
    }

    private static String topic(Message message) {
        return message instanceof RunRecord
                ? "runs"
                : message instanceof Report
                        ? "reports"
                        : message instanceof UpdateSlice
                                ? "updates"
                                : message instanceof Verdict ? "verdicts" : "scores";
    }

    private static String key(Message message) {
        String run =
                (String) message.getField(message.getDescriptorForType().findFieldByName("run"));
        if (message instanceof Report report) {
            return run + "/" + report.getWorker();
        }
        if (message instanceof UpdateSlice slice) {
            return run + "/" + slice.getId().getWorker();
        }
        return run;
    }

    private void feed(FlinkServer server, Bad record, int number) throws Exception {
        try {
            server.record(record.topic, record.key, record.value, offset++);
            if (number % 10 == 0) {
                nowMs += 100;
                server.timeIs(nowMs);
            }
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "Seed " + SEED + ", record " + number + " of " + record.topic, e);
        }
    }

    private static void assertShowable(RefusedRecord refused) {
        RefusedRecord fit = RefusedFunction.fit(refused);
        assertTrue(fit.getReason().length() <= 500 && !fit.getReason().isEmpty());
        assertTrue(fit.getReason().codePoints().noneMatch(Character::isISOControl), fit::getReason);
    }
}
