package org.hermesml.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.Held;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.Refused;
import org.hermesml.core.message.Resumed;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.VerdictLogState;
import org.junit.jupiter.api.Test;

class VerdictLogTest {
    private final List<NumberedVerdict> entries = new ArrayList<>();
    private VerdictLogState state = VerdictLog.EMPTY;

    @Test
    void theInitialModelIsVersionZeroAndEachAdmittedUpdateTheNext() {
        read(admitted(UpdateIds.INITIAL));
        read(admitted(UpdateIds.of("a", 5, 3)));
        read(admitted(UpdateIds.of("b", 6, 1)));

        assertEquals(List.of(0L, 1L, 2L), versions());
    }

    @Test
    void theFirstEntryForAnUpdateCountsAndLaterOnesChangeNothing() {
        UpdateId id = UpdateIds.of("a", 5, 3);
        read(admitted(UpdateIds.INITIAL));
        read(admitted(id));
        VerdictLogState before = state;

        assertTrue(read(admitted(id)).getIgnored());
        assertTrue(read(refused(id)).getIgnored());
        assertEquals(before, state);
    }

    @Test
    void anUpdateOlderThanADecidedOneOfItsWorkerIsIgnored() {
        read(admitted(UpdateIds.INITIAL));
        read(refused(UpdateIds.of("a", 7, 1)));

        assertTrue(read(admitted(UpdateIds.of("a", 5, 100))).getIgnored(), "an older life");
        assertFalse(read(admitted(UpdateIds.of("a", 7, 2))).getIgnored());
    }

    @Test
    void nothingIsAdmittedBeforeTheInitialModel() {
        assertTrue(read(admitted(UpdateIds.of("a", 1, 1))).getIgnored());
        assertEquals(-1, VerdictLog.version(state));
    }

    @Test
    void nothingIsHeldBeforeTheInitialModel() {
        assertTrue(read(held(UpdateIds.of("a", 1, 1), 0)).getIgnored());
        assertTrue(read(closed(0)).getIgnored());
    }

    @Test
    void anEntryThatNoServerCanHaveWrittenChangesNothingForAnyReader() {
        read(admitted(UpdateIds.INITIAL));
        read(held(UpdateIds.of("a", 1, 1), 0));
        VerdictLogState before = state;
        UpdateId b = UpdateIds.of("b", 2, 1);
        List<Verdict.Builder> forged =
                List.of(
                        Verdict.newBuilder(),
                        Verdict.newBuilder().setAdmitted(Admitted.newBuilder().setId(b)),
                        admitted(b).toBuilder().mergeAdmitted(coefficient(Double.NaN)),
                        admitted(b).toBuilder().mergeAdmitted(coefficient(-1)),
                        admitted(UpdateIds.of("b", -2, 1)).toBuilder(),
                        admitted(UpdateIds.of("", 2, 1)).toBuilder(),
                        held(b, 0).toBuilder().mergeHeld(weight(-1)),
                        held(b, 0).toBuilder().mergeHeld(weight(Double.POSITIVE_INFINITY)),
                        closed(0).toBuilder()
                                .mergeRoundClosed(
                                        RoundClosed.newBuilder()
                                                .setKind(MergeKind.REPLACE)
                                                .build()),
                        closed(0).toBuilder()
                                .mergeRoundClosed(
                                        RoundClosed.newBuilder().setKind(MergeKind.ADD).build()),
                        closed(0).toBuilder()
                                .mergeRoundClosed(
                                        RoundClosed.newBuilder().setMomentum(Double.NaN).build()),
                        Verdict.newBuilder()
                                .setResumed(Resumed.getDefaultInstance())
                                .setLife(Long.MAX_VALUE));
        for (Verdict.Builder verdict : forged) {
            assertTrue(read(verdict.build()).getIgnored(), verdict::toString);
            assertEquals(before, state, verdict::toString);
        }
    }

    private static Admitted coefficient(double coefficient) {
        return Admitted.newBuilder().setCoefficient(coefficient).build();
    }

    private static Held weight(double weight) {
        return Held.newBuilder().setWeight(weight).build();
    }

    @Test
    void aRoundMakesOneVersionAndSettlesAllItsUpdates() {
        UpdateId a = UpdateIds.of("a", 1, 1);
        UpdateId b = UpdateIds.of("b", 2, 1);
        read(admitted(UpdateIds.INITIAL));
        read(held(a, 0));
        read(held(b, 0));
        NumberedVerdict closed = read(closed(0));

        assertEquals(1, closed.getVersion());
        assertEquals(List.of(a, b), closed.getSettledList());
        assertTrue(read(closed(0)).getIgnored(), "a round closes once");
        assertTrue(
                read(held(UpdateIds.of("c", 3, 1), 0)).getIgnored(),
                "nothing joins a closed round");
        assertTrue(read(closed(1)).getIgnored(), "an empty round makes no version");
    }

    @Test
    void nothingCountsAfterTheEnd() {
        read(admitted(UpdateIds.INITIAL));
        read(Verdict.newBuilder().setEnd(RunEnd.getDefaultInstance()).build());

        assertTrue(read(admitted(UpdateIds.of("a", 1, 1))).getIgnored());
        assertTrue(state.getEnded());
    }

    @Test
    void readersOfALogWithRepetitionsSeeWhatReadersOfTheBareLogSee() {
        for (long seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Verdict> bare = bareLog(random);
            List<Verdict> repeated = new ArrayList<>();
            for (Verdict verdict : bare) {
                repeated.add(verdict);
                while (random.nextInt(3) == 0) {
                    repeated.add(repeated.get(random.nextInt(repeated.size())));
                }
            }
            assertEquals(counting(bare), counting(repeated), "seed " + seed);
        }
    }

    private static List<Verdict> bareLog(SplittableRandom random) {
        List<Verdict> log = new ArrayList<>(List.of(admitted(UpdateIds.INITIAL)));
        long round = 0;
        boolean open = false;
        for (int i = 1; i < 30; i++) {
            UpdateId id = UpdateIds.of("w" + random.nextInt(3), 1, i);
            switch (random.nextInt(4)) {
                case 0 -> log.add(admitted(id));
                case 1 -> log.add(refused(id));
                case 2 -> {
                    log.add(held(id, round));
                    open = true;
                }
                default -> {
                    if (open) {
                        log.add(closed(round++));
                        open = false;
                    }
                }
            }
        }
        return log;
    }

    private static List<NumberedVerdict> counting(List<Verdict> log) {
        VerdictLogState state = VerdictLog.EMPTY;
        List<NumberedVerdict> entries = new ArrayList<>();
        for (Verdict verdict : log) {
            VerdictLog.Step step = VerdictLog.apply(state, verdict);
            state = step.state();
            if (!step.entry().getIgnored()) {
                entries.add(step.entry());
            }
        }
        return entries;
    }

    private NumberedVerdict read(Verdict verdict) {
        VerdictLog.Step step = VerdictLog.apply(state, verdict);
        state = step.state();
        entries.add(step.entry());
        return step.entry();
    }

    private List<Long> versions() {
        return entries.stream().map(NumberedVerdict::getVersion).toList();
    }

    private static Verdict admitted(UpdateId id) {
        return Verdict.newBuilder()
                .setAdmitted(Admitted.newBuilder().setId(id).setKind(MergeKind.REPLACE))
                .build();
    }

    private static Verdict refused(UpdateId id) {
        return Verdict.newBuilder().setRefused(Refused.newBuilder().setId(id)).build();
    }

    private static Verdict held(UpdateId id, long round) {
        return Verdict.newBuilder()
                .setHeld(Held.newBuilder().setId(id).setRound(round).setWeight(1))
                .build();
    }

    private static Verdict closed(long round) {
        return Verdict.newBuilder()
                .setRoundClosed(RoundClosed.newBuilder().setRound(round))
                .build();
    }
}
