package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.server.RunServer;
import org.hermesml.core.server.Surroundings;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.ReceivedReport;
import org.hermesml.core.state.Ticket;
import org.hermesml.core.wire.SliceInspection;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Values;
import org.hermesml.system.RecordedRun.Logged;

/**
 * Feeds what Kafka holds of a real run to {@link RunServer}, which hosts the rules in the
 * simulator, and compares its decisions with those that the Flink job took, and its models with
 * those that the job published.
 *
 * <p>Order: the job reads several topics side by side and nobody wrote down how they interleaved.
 * What the log of verdicts does say is used, and no more. For each of its entries in turn: first
 * the reports that were written before it and push nothing; then the scores, in their order, up to
 * the version whose loss the entry names; then, where it decides on an update, the slices and the
 * report of that update. An update that the log decides later is kept back until then. Whether,
 * how, and with which coefficient, losses and version an update counts, when a round closes and why
 * a run ends is left to the rules. Not compared: directives about allocations, which depend on how
 * the reports of different workers interleaved.
 *
 * <p>The job may decide on an update while its verdicts on a few before are still on their way
 * through the log. Where a decision differs and its update was committed before, or less than a
 * second after, the entry before it was written, everything is fed once more with that verdict on
 * its way, and so on for the one before that, up to four; nothing else is tried.
 */
final class RecordedDecisions implements Surroundings {
    private static final long ON_ITS_WAY_MS = 1_000;
    private static final int MOST_ON_THEIR_WAY = 4;

    private final RecordedRun run;
    private final RunSpec spec;
    private final Slicing slicing;
    private final List<Logged<NumberedVerdict>> entries;
    private final List<Logged<ReceivedReport>> recorded;
    private final List<Score> recordedScores;
    private final Map<String, UpdateSlice> slices = new HashMap<>();
    private final Map<String, ModelSlice> models = new HashMap<>();

    // of one time that everything is fed
    private RunServer server;
    private final Map<String, Deque<Logged<ReceivedReport>>> reports = new TreeMap<>();
    private final Deque<Score> scores = new ArrayDeque<>();
    private final List<NumberedVerdict> decided = new ArrayList<>();
    private final Map<Long, float[]> made = new HashMap<>();
    private final List<RunEnd> ends = new ArrayList<>();
    private long nowMs;

    RecordedDecisions(RecordedRun run) throws Exception {
        this.run = run;
        this.spec = run.spec();
        this.slicing = Slicing.of(spec.getParameterCount(), Settings.of(spec.getSettingsMap()));
        this.entries =
                run.countingLogged().stream()
                        .filter(e -> !e.value().getVerdict().hasResumed())
                        .toList();
        this.recorded = run.reports();
        this.recordedScores = run.scores();
        for (UpdateSlice slice : run.updateSlices()) {
            slices.putIfAbsent(place(slice.getId(), slice.getSlice()), slice);
        }
        for (ModelSlice slice : run.modelSlices()) {
            models.putIfAbsent(slice.getVersion() + "/" + slice.getSlice(), slice);
        }
    }

    /**
     * @return versions of the model that were compared
     */
    int assertSame() {
        TreeMap<Integer, Integer> decidedEarly = new TreeMap<>();
        int differs = feedAll(decidedEarly);
        while (differs < entries.size()
                && mayBeEarly(differs, decidedEarly.merge(differs, 1, Integer::sum))) {
            differs = feedAll(decidedEarly);
        }
        for (int i = 0; i < entries.size(); i++) {
            String what = "entry " + i + " of " + run.run() + ", early " + decidedEarly;
            assertTrue(decided.size() > i, () -> "not decided: " + what);
            assertEquals(
                    comparable(entries.get(i).value().getVerdict()),
                    comparable(decided.get(i).getVerdict()),
                    what);
            assertEquals(entries.get(i).value().getVersion(), decided.get(i).getVersion(), what);
        }
        assertEquals(entries.size(), decided.size(), () -> "more was decided: " + decided);
        assertEquals(1, ends.size(), run.run());
        made.keySet().forEach(this::assertSameModel);
        assertEquals(made.size() * slicing.sliceCount(), models.size(), run.run());
        return made.size();
    }

    /**
     * @param decidedEarly by entry, how many before it were still on their way when it was decided
     * @return the first entry that differs
     */
    private int feedAll(TreeMap<Integer, Integer> decidedEarly) {
        server = new RunServer(spec, this);
        reports.clear();
        for (Logged<ReceivedReport> report : recorded) {
            reports.computeIfAbsent(report.value().getReport().getWorker(), w -> new ArrayDeque<>())
                    .add(report);
        }
        scores.clear();
        scores.addAll(recordedScores);
        decided.clear();
        made.clear();
        ends.clear();
        nowMs = 1;
        for (int i = 0; i < entries.size(); i++) {
            server.keepBack(onTheirWay(decidedEarly, i));
            feed(entries.get(i));
        }
        int same = 0;
        while (same < Math.min(entries.size(), decided.size())
                && comparable(entries.get(same).value().getVerdict())
                        .equals(comparable(decided.get(same).getVerdict()))) {
            same++;
        }
        return same;
    }

    /** How many entries up to this one a later decision did not know yet. */
    private static int onTheirWay(TreeMap<Integer, Integer> decidedEarly, int entry) {
        return decidedEarly.tailMap(entry, false).entrySet().stream()
                .mapToInt(later -> later.getValue() - (later.getKey() - 1 - entry))
                .reduce(0, Math::max);
    }

    private boolean mayBeEarly(int entry, int entriesBefore) {
        UpdateId id = subject(entries.get(entry).value().getVerdict());
        if (entry < entriesBefore || entriesBefore > MOST_ON_THEIR_WAY || id == null) {
            return false;
        }
        long before = entries.get(entry - entriesBefore).writtenMs();
        return recorded.stream()
                .filter(r -> isCommit(r, id))
                .anyMatch(r -> r.writtenMs() < before + ON_ITS_WAY_MS);
    }

    private static boolean isCommit(Logged<ReceivedReport> report, UpdateId id) {
        Report said = report.value().getReport();
        return said.getWorker().equals(id.getWorker())
                && said.getIncarnation() == id.getIncarnation()
                && said.getIteration().getClock() == id.getSequence();
    }

    /** The update that an entry decides on; null for a round or an end. */
    private static UpdateId subject(Verdict verdict) {
        return switch (verdict.getDecisionCase()) {
            case ADMITTED -> verdict.getAdmitted().getId();
            case HELD -> verdict.getHeld().getId();
            case REFUSED -> verdict.getRefused().getId();
            default -> null;
        };
    }

    /** What a decision says; the life is that of the server that took it. */
    private static Verdict comparable(Verdict verdict) {
        Verdict.Builder said = verdict.toBuilder().clearLife();
        if (said.hasEnd() && said.getEnd().getReason() != EndReason.TARGET) {
            // Which version was the best by then hangs on scores that no entry names.
            said.setEnd(
                    RunEnd.newBuilder()
                            .setReason(said.getEnd().getReason())
                            .setText(said.getEnd().getText()));
        }
        return said.build();
    }

    private void feed(Logged<NumberedVerdict> entry) {
        Verdict verdict = entry.value().getVerdict();
        feedReportsBefore(entry.writtenMs());
        if (verdict.hasAdmitted()) {
            feedScores(verdict.getAdmitted().getGlobalVersion());
        }
        UpdateId id = subject(verdict);
        if (id != null) {
            feedUpdate(id);
        } else if (verdict.getEnd().getReason() == EndReason.TARGET) {
            feedScores(verdict.getEnd().getBestVersion());
        } else if (verdict.getEnd().getReason() == EndReason.STOPPED) {
            server.stop(nowMs);
        }
    }

    private void feedReportsBefore(long timeMs) {
        while (true) {
            var next =
                    reports.values().stream()
                            .filter(queue -> !queue.isEmpty())
                            .map(Deque::peek)
                            .filter(r -> r.writtenMs() <= timeMs)
                            .filter(r -> !r.value().getReport().getIteration().getPush())
                            .min((a, b) -> Long.compare(a.writtenMs(), b.writtenMs()));
            if (next.isEmpty()) {
                return;
            }
            feedReport(next.get());
        }
    }

    private void feedReport(Logged<ReceivedReport> report) {
        reports.get(report.value().getReport().getWorker()).remove();
        timeIs(report.writtenMs());
        server.report(report.value(), nowMs);
    }

    private void feedScores(long version) {
        boolean known =
                server.admission().run().getScores().getNewestVersionPlusOne() >= version + 1;
        while (!known && !scores.isEmpty()) {
            Score score = scores.remove();
            server.score(score, nowMs);
            known = score.getVersion() == version;
        }
    }

    private void feedUpdate(UpdateId id) {
        for (Slicing.Slice part : slicing.slices()) {
            server.ticket(ticket(slices.get(place(id, part.slice()))), nowMs);
        }
        boolean committed = UpdateIds.isInitial(id);
        while (!committed) {
            Logged<ReceivedReport> report = reports.get(id.getWorker()).element();
            feedReport(report);
            committed = isCommit(report, id);
        }
    }

    private void timeIs(long timeMs) {
        nowMs = Math.max(nowMs, timeMs);
        server.clock(nowMs);
    }

    private static Ticket ticket(UpdateSlice slice) {
        SliceInspection found = SliceInspection.of(slice);
        return Ticket.newBuilder()
                .setRun(slice.getRun())
                .setId(slice.getId())
                .setForm(slice.getForm())
                .setSlice(slice.getSlice())
                .setSliceCount(slice.getSliceCount())
                .setShard(slice.getShard())
                .setFirst(slice.getFirst())
                .setCount(slice.getCount())
                .setSquaredNorm(found.squaredNorm())
                .setRecordBytes(slice.getSerializedSize())
                .setFault(found.fault())
                .build();
    }

    private void assertSameModel(long version) {
        for (Slicing.Slice part : slicing.slices()) {
            ModelSlice published = models.get(version + "/" + part.slice());
            ByteString values =
                    Values.encode(
                            made.get(version),
                            (int) part.first(),
                            part.count(),
                            published.getType());
            assertArrayEquals(
                    published.getValues().toByteArray(),
                    values.toByteArray(),
                    "slice " + part.slice() + " of version " + version + " of " + run.run());
        }
    }

    // ---- what the rules ask and say

    @Override
    public float[] values(UpdateId id, int slice) {
        UpdateSlice update = slices.get(place(id, slice));
        return Values.decode(update.getValues(), update.getType());
    }

    @Override
    public List<RecordAddress> publish(long version, float[] weights) {
        made.put(version, weights);
        List<RecordAddress> addresses = new ArrayList<>();
        for (int slice = 0; slice < slicing.sliceCount(); slice++) {
            addresses.add(
                    RecordAddress.newBuilder()
                            .setOffset(version * slicing.sliceCount() + slice)
                            .build());
        }
        return addresses;
    }

    @Override
    public void logged(NumberedVerdict entry) {
        if (!entry.getIgnored()) {
            decided.add(entry);
        }
    }

    @Override
    public void tell(Directive directive) {}

    @Override
    public void refused(String worker, String reason) {}

    @Override
    public void ended(RunEnd end) {
        ends.add(end);
    }

    private static String place(UpdateId id, int slice) {
        return UpdateIds.print(id) + "/" + slice;
    }
}
