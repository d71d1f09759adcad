package org.hermesml.core.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.Held;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.VerdictLogState;
import org.junit.jupiter.api.Test;

class ReplayStartTest {
    private final List<NumberedVerdict> entries = new ArrayList<>();
    private VerdictLogState log = VerdictLog.EMPTY;

    @Test
    void withAllSlicesAReplayBeginsAtTheBeginning() {
        admit(UpdateIds.INITIAL, MergeKind.REPLACE);
        admit(update(1), MergeKind.AVERAGE);
        assertEquals(
                Optional.of(new ReplayStart(0, -1)),
                ReplayStart.of(entries, id -> true, version -> false));
    }

    @Test
    void whereSlicesAreGoneItBeginsAtTheFirstPublishedVersionBehindThem() {
        admit(UpdateIds.INITIAL, MergeKind.REPLACE);
        admit(update(1), MergeKind.AVERAGE);
        admit(update(2), MergeKind.AVERAGE);
        admit(update(3), MergeKind.AVERAGE);
        Set<UpdateId> gone = Set.of(UpdateIds.INITIAL, update(1));
        assertEquals(
                Optional.of(new ReplayStart(2, 1)),
                ReplayStart.of(entries, id -> !gone.contains(id), version -> true));
        assertEquals(
                Optional.of(new ReplayStart(3, 2)),
                ReplayStart.of(entries, id -> !gone.contains(id), version -> version == 2));
        assertEquals(
                Optional.of(update(1)), ReplayStart.newestGone(entries, id -> !gone.contains(id)));
    }

    @Test
    void noVersionInTheMidstOfARoundIsABeginning() {
        admit(UpdateIds.INITIAL, MergeKind.REPLACE);
        hold(update(1));
        admit(UpdateIds.of("b", 1, 1), MergeKind.AVERAGE);
        close(0);
        admit(update(2), MergeKind.AVERAGE);
        assertEquals(
                Optional.of(new ReplayStart(4, 2)),
                ReplayStart.of(entries, id -> !UpdateIds.isInitial(id), version -> version > 0));
    }

    @Test
    void aVelocityOrAGradientSumIsInNoPublishedVersion() {
        admit(UpdateIds.INITIAL, MergeKind.REPLACE);
        hold(update(1));
        close(0.5);
        assertEquals(
                Optional.empty(),
                ReplayStart.of(entries, id -> !UpdateIds.isInitial(id), version -> version == 0));
        entries.clear();
        log = VerdictLog.EMPTY;
        admit(UpdateIds.INITIAL, MergeKind.REPLACE);
        admit(update(1), MergeKind.LOSS_WEIGHTED_SUM);
        assertEquals(
                Optional.empty(),
                ReplayStart.of(entries, id -> !UpdateIds.isInitial(id), version -> version == 0));
    }

    @Test
    void aReplayFromAVersionMakesTheBytesOfOneFromTheBeginning() {
        admit(UpdateIds.INITIAL, MergeKind.REPLACE);
        admit(update(1), MergeKind.AVERAGE);
        hold(update(2));
        close(0);
        RunSpec spec = RunSpec.newBuilder().setParameterCount(5).build();
        ModelReplay.SliceSource source =
                (id, slice) -> {
                    float[] values = new float[slice == 0 ? 2 : 1];
                    values[0] = 0.1f + id.getSequence() * (slice + 1);
                    return values;
                };
        ModelReplay whole = new ModelReplay(spec, source);
        whole.apply(entries.get(0));
        whole.apply(entries.get(1));
        ModelReplay late = new ModelReplay(spec, whole.model(), source);
        for (NumberedVerdict entry : entries.subList(2, entries.size())) {
            assertEquals(whole.apply(entry), late.apply(entry));
        }
        assertArrayEquals(whole.model(), late.model());
    }

    private static UpdateId update(long sequence) {
        return UpdateIds.of("a", 1, sequence);
    }

    private void admit(UpdateId id, MergeKind kind) {
        Admitted admitted =
                Admitted.newBuilder().setId(id).setKind(kind).setCoefficient(0.3).build();
        take(Verdict.newBuilder().setAdmitted(admitted));
    }

    private void hold(UpdateId id) {
        take(
                Verdict.newBuilder()
                        .setHeld(Held.newBuilder().setId(id).setRound(round()).setWeight(1)));
    }

    private void close(double momentum) {
        take(
                Verdict.newBuilder()
                        .setRoundClosed(
                                RoundClosed.newBuilder().setRound(round()).setMomentum(momentum)));
    }

    private long round() {
        return log.getRound();
    }

    private void take(Verdict.Builder verdict) {
        VerdictLog.Step step = VerdictLog.apply(log, verdict.build());
        log = step.state();
        entries.add(step.entry());
    }
}
