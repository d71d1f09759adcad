package org.hermesml.simulator.world;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.server.RunServer;
import org.hermesml.core.server.Surroundings;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.ReceivedReport;
import org.hermesml.core.wire.SliceInspection;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Values;

/**
 * The server's site: broker and job in one place. Feeds the rules with what arrives and passes on
 * what they say, after the time that the way through both takes.
 */
final class SimulatedServer implements Surroundings {
    /** To the rules a time of 0 means that something never happened. */
    private static final long START_MS = 1_000;

    private final EventQueue events;
    private final RunSpec spec;
    private final Slicing slicing;
    private final ValueType modelType;
    private final RunServer server;
    private final Invariants invariants;
    private final long hopNs;
    private final Audience audience;

    /** The newest update of each worker that is here and not yet in the log. */
    private final Map<String, Arrived> arrived = new HashMap<>();

    private Inbox.Version newest;
    private long offsets;
    private long plannedNs = Long.MAX_VALUE;
    private RunEnd end;

    private record Arrived(UpdateId id, float[] values) {}

    /** Who hears what the server says. */
    interface Audience {
        /**
         * @param model that the directive speaks of; null where it speaks of none
         */
        void hear(Directive directive, Inbox.Version model);
    }

    SimulatedServer(
            EventQueue events,
            RunSpec spec,
            Invariants invariants,
            double hopMs,
            Audience audience) {
        Settings settings = Settings.of(spec.getSettingsMap());
        this.events = events;
        this.spec = spec;
        this.slicing = Slicing.of(spec.getParameterCount(), settings);
        this.modelType = Values.type(settings.get(Settings.MODEL_TYPE));
        this.invariants = invariants;
        this.hopNs = Math.round(hopMs * 1e6);
        this.audience = audience;
        this.server = new RunServer(spec, this);
    }

    RunServer rules() {
        return server;
    }

    int sliceCount() {
        return slicing.sliceCount();
    }

    /** Null while the run lasts. */
    RunEnd end() {
        return end;
    }

    /** The newest version; null before the first. */
    Inbox.Version newest() {
        return newest;
    }

    // ---- what arrives

    /** Returns the incarnation that a hello begins, which its worker learns before all else. */
    long nextOffset() {
        return ++offsets;
    }

    void report(Report report, long offset) {
        server.report(
                ReceivedReport.newBuilder()
                        .setReport(report)
                        .setAddress(RecordAddress.newBuilder().setOffset(offset))
                        .build(),
                nowMs());
        planDeadline();
    }

    /**
     * One slice of an update arrived.
     *
     * @param values of the whole update; not changed by anybody any more
     */
    void slice(UpdateId id, UpdateForm form, float[] values, int slice, long recordBytes) {
        Arrived present = arrived.get(id.getWorker());
        if (present == null || UpdateIds.AGE.compare(id, present.id()) > 0) {
            arrived.put(id.getWorker(), new Arrived(id, values));
        }
        Slicing.Slice cut = slicing.slices().get(slice);
        SliceInspection found =
                SliceInspection.ofValues(slice, values, (int) cut.first(), cut.count());
        server.ticket(
                found.ticket(slicing.record(cut, spec.getRun(), id, form), recordBytes), nowMs());
        planDeadline();
    }

    void score(Score score) {
        server.score(score, nowMs());
        planDeadline();
    }

    private void planDeadline() {
        if (server.wakeMs() == Long.MAX_VALUE) {
            return;
        }
        long dueNs = Math.max((server.wakeMs() - START_MS) * 1_000_000, events.nowNs() + 1);
        if (dueNs < plannedNs) {
            plannedNs = dueNs;
            events.at(dueNs, "a deadline of the server", "", () -> wake(dueNs));
        }
    }

    private void wake(long dueNs) {
        if (plannedNs == dueNs) {
            plannedNs = Long.MAX_VALUE;
        }
        server.clock(nowMs());
        planDeadline();
    }

    private long nowMs() {
        return START_MS + events.nowNs() / 1_000_000;
    }

    // ---- what the rules say

    @Override
    public float[] values(UpdateId id, int slice) {
        Arrived update = arrived.get(id.getWorker());
        if (update == null || !update.id().equals(id)) {
            throw new BrokenInvariant("update " + UpdateIds.print(id) + " is decided but not here");
        }
        if (slicing.sliceCount() == 1) {
            return update.values();
        }
        Slicing.Slice cut = slicing.slices().get(slice);
        return Arrays.copyOfRange(
                update.values(), (int) cut.first(), (int) cut.first() + cut.count());
    }

    @Override
    public List<RecordAddress> publish(long version, float[] weights) {
        invariants.published(version);
        newest = new Inbox.Version(version, Values.travelled(weights, modelType, slicing));
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
        invariants.logged(entry, server.admission());
        if (entry.getIgnored()) {
            return;
        }
        UpdateIds.of(entry.getVerdict()).ifPresent(this::forget);
    }

    private void forget(UpdateId id) {
        arrived.computeIfPresent(
                id.getWorker(),
                (worker, update) -> UpdateIds.AGE.compare(update.id(), id) <= 0 ? null : update);
    }

    @Override
    public void tell(Directive directive) {
        if (directive.hasAllocation()) {
            invariants.allocated(directive.getWorker(), directive.getAllocation());
        }
        boolean ofModel = directive.hasModel() || directive.getOutcome().hasModel();
        Inbox.Version model = ofModel ? newest : null;
        events.at(
                events.nowNs() + hopNs,
                "directive written",
                directive.getWorker(),
                () -> audience.hear(directive, model));
    }

    @Override
    public void refused(String worker, String reason) {}

    @Override
    public void ended(RunEnd runEnd) {
        end = runEnd;
    }
}
