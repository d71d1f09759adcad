package org.hermesml.core.admission;

import java.util.LinkedHashMap;
import java.util.Map;
import org.hermesml.core.account.Silence;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.Released;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.AccountedReport;
import org.hermesml.core.state.AdmissionState;
import org.hermesml.core.state.Member;
import org.hermesml.core.state.Membership;
import org.hermesml.core.state.MembershipChange;
import org.hermesml.core.state.PendingUpdate;
import org.hermesml.core.state.VerdictLogState;
import org.hermesml.core.state.WaitingWorker;

/**
 * Who takes part in a run, how far each has come, and who waits to be released. Pure.
 *
 * <p>A worker that starts holds up others only for a while, counted from its first hello since it
 * last finished an iteration: one that dies and starts again for ever would hold them up for ever.
 */
final class Roster {
    private static final Member NOBODY = Member.getDefaultInstance();

    /**
     * Takes in an iteration.
     *
     * @return the samples that its worker has trained since its last pull, epochs counted, this
     *     iteration included; of a worker that is not known, those of this iteration
     */
    static double take(AdmissionState.Builder state, AccountedReport report, Starts starts) {
        IterationReport iteration = report.getIteration();
        double own = (double) iteration.getSamples() * iteration.getEpochs();
        Member known = state.getMembersMap().get(report.getWorker());
        if (known == null || known.getIncarnation() != report.getIncarnation()) {
            return own;
        }
        Member member = started(state, report.getWorker(), known, starts);
        boolean sameBase = member.getBaseVersion() == iteration.getBaseVersion();
        double work = (sameBase ? member.getWork() : 0) + own;
        put(
                state,
                report.getWorker(),
                member.toBuilder()
                        .setClock(iteration.getClock())
                        .setSeconds(iteration.getSeconds())
                        .setPace(iteration.getSeconds() > 0 ? own / iteration.getSeconds() : 0)
                        .setAnsweredRoundPlusOne(
                                hasAnswered(state, report)
                                        ? state.getLog().getRound() + 1
                                        : member.getAnsweredRoundPlusOne())
                        // A pull follows each push, and may bring the same version once more.
                        .setWork(iteration.getPush() ? 0 : work)
                        .setBaseVersion(iteration.getBaseVersion())
                        .build());
        return work;
    }

    /** A push is an answer once it is held; after a restore that may be known before its report. */
    private static boolean hasAnswered(AdmissionState.Builder state, AccountedReport report) {
        UpdateId id =
                UpdateIds.of(
                        report.getWorker(),
                        report.getIncarnation(),
                        report.getIteration().getClock());
        return !report.getIteration().getPush() || state.getLog().getHeldList().contains(id);
    }

    static void take(AdmissionState.Builder state, WaitingWorker ready, Starts starts) {
        Member member = state.getMembersMap().get(ready.getWorker());
        if (member != null
                && member.getIncarnation() == ready.getIncarnation()
                && ready.getClock() > member.getReleased()) {
            put(
                    state,
                    ready.getWorker(),
                    started(state, ready.getWorker(), member, starts).toBuilder()
                            .setReady(ready.getClock())
                            .setWants(ready.getWants())
                            .build());
        }
    }

    static void take(AdmissionState.Builder state, Membership change, Starts starts) {
        String worker = change.getWorker();
        Member member = state.getMembersOrDefault(worker, NOBODY);
        // Who is dismissed has not got the place, and what it did to get it changes nothing.
        if (change.getIncarnation() < member.getIncarnation()
                || change.getChange() == MembershipChange.DISMISSED) {
            return;
        }
        Member.Builder next = inLife(member, change.getIncarnation()).toBuilder();
        switch (change.getChange()) {
            case JOINED, RETURNED -> {
                state.setLastProgressMs(starts.nowMs());
                next.setStartingSinceMs(starts.sinceMs(member, next))
                        .setClockBase(base(state, worker, next, starts))
                        .setLive(true)
                        .setDiverged("")
                        .setSilent(false);
            }
            case LEFT -> next.setLive(false).setDiverged(Divergence.why(change));
            case EXPELLED -> next.setLive(false);
            case SILENT -> {
                boolean itsOwn =
                        Silence.isItsOwn(
                                starts.nowMs(), state.getLastProgressMs(), change.getSilentMs());
                next.setLive(member.getLive() && (waitsForServer(state, worker) || !itsOwn))
                        .setSilent(true);
            }
            default -> {}
        }
        put(state, worker, next.build());
    }

    /** It has finished an iteration in this life. Nobody waits until it has caught up either. */
    private static Member started(
            AdmissionState.Builder state, String worker, Member member, Starts starts) {
        if (member.getStartingSinceMs() == 0) {
            return member;
        }
        Member.Builder next = member.toBuilder().setStartingSinceMs(0);
        if (!starts.isWaitedFor(state, member)) {
            next.setClockBase(base(state, worker, next, starts));
        }
        return next.build();
    }

    /** What is known of a life, or nothing of a later one. */
    private static Member inLife(Member member, long incarnation) {
        return member.getIncarnation() == incarnation
                ? member
                : Member.newBuilder().setIncarnation(incarnation).setLive(member.getLive()).build();
    }

    /** Nobody has to wait until a worker that comes late has caught up. */
    private static long base(
            AdmissionState.Builder state, String worker, Member.Builder next, Starts starts) {
        long least =
                state.getMembersMap().entrySet().stream()
                        .filter(e -> e.getValue().getLive() && !e.getKey().equals(worker))
                        .filter(e -> starts.isWaitedFor(state, e.getValue()))
                        .mapToLong(e -> LiveWorkers.clock(e.getValue()))
                        .min()
                        .orElse(0);
        return Math.max(next.getClockBase(), least - next.getClock());
    }

    private static void put(AdmissionState.Builder state, String worker, Member member) {
        Member before = state.getMembersOrDefault(worker, NOBODY);
        OpenRound.changed(state, before, member);
        state.setStarting(state.getStarting() + starting(member) - starting(before))
                .setHeardOf(state.getHeardOf() + heardOf(member) - heardOf(before))
                .putMembers(worker, member);
    }

    private static int starting(Member member) {
        return member.getLive() && member.getStartingSinceMs() > 0 ? 1 : 0;
    }

    private static int heardOf(Member member) {
        return member.getLive() && !member.getSilent() ? 1 : 0;
    }

    /** It says nothing new until it is told how to go on. */
    private static boolean waitsForServer(AdmissionState.Builder state, String worker) {
        PendingUpdate pending = state.getPendingMap().get(worker);
        if (pending != null && pending.hasReport()) {
            return true;
        }
        Member member = state.getMembersOrDefault(worker, NOBODY);
        if (member.getWaits() > 0 || member.getReady() > 0) {
            return true;
        }
        VerdictLogState log = state.getLog();
        for (int i = 0; i < log.getHeldCount(); i++) {
            if (log.getHeld(i).getWorker().equals(worker) && !VerdictLog.heldIsSettled(log, i)) {
                return true;
            }
        }
        return false;
    }

    /** An entry of the log that counts. */
    static void take(AdmissionState.Builder state, Verdict verdict) {
        switch (verdict.getDecisionCase()) {
            case ADMITTED -> {
                if (verdict.getAdmitted().getWaits()) {
                    waits(state, verdict.getAdmitted().getId());
                }
            }
            case HELD -> answered(state, verdict.getHeld().getId());
            case REFUSED -> {
                answered(state, verdict.getRefused().getId());
                if (verdict.getRefused().getWaits()) {
                    waits(state, verdict.getRefused().getId());
                }
            }
            case RELEASED -> released(state, verdict.getReleased());
            default -> {}
        }
    }

    /** Its push is decided: only now, so that no round ends without what it waited for. */
    private static void answered(AdmissionState.Builder state, UpdateId id) {
        Member member = state.getMembersMap().get(id.getWorker());
        if (member != null && member.getIncarnation() == id.getIncarnation()) {
            put(
                    state,
                    id.getWorker(),
                    member.toBuilder()
                            .setAnsweredRoundPlusOne(state.getLog().getRound() + 1)
                            .build());
        }
    }

    private static void waits(AdmissionState.Builder state, UpdateId id) {
        Member member = state.getMembersOrDefault(id.getWorker(), NOBODY);
        if (member.getIncarnation() <= id.getIncarnation()) {
            put(
                    state,
                    id.getWorker(),
                    inLife(member, id.getIncarnation()).toBuilder()
                            .setWaits(id.getSequence())
                            .build());
        }
    }

    /**
     * Also of a worker that is not known yet: after a restore the log may be read before the
     * reports, and a question in them that was answered long ago must not be taken for a new one.
     */
    private static void released(AdmissionState.Builder state, Released released) {
        released.getWorkersMap()
                .forEach(
                        (worker, at) -> {
                            Member member = state.getMembersOrDefault(worker, NOBODY);
                            if (member.getIncarnation() <= at.getIncarnation()) {
                                Member now = inLife(member, at.getIncarnation());
                                put(state, worker, released(now, at.getClock()));
                            }
                        });
    }

    private static Member released(Member member, long clock) {
        Member.Builder next = member.toBuilder().setReleasing(0);
        next.setReleased(Math.max(clock, member.getReleased()));
        if (member.getWaits() <= clock) {
            next.setWaits(0);
        }
        if (member.getReady() <= clock) {
            next.setReady(0).setWants(false);
        }
        return next.build();
    }

    /** A release is written: nobody in it is released a second time before it is read back. */
    static void propose(AdmissionState.Builder state, Released.Builder released) {
        released.getWorkersMap()
                .forEach(
                        (worker, at) ->
                                put(
                                        state,
                                        worker,
                                        state.getMembersOrThrow(worker).toBuilder()
                                                .setReleasing(at.getClock())
                                                .build()));
    }

    /** What was written and not read back may be lost, and nobody could start meanwhile. */
    static void resume(AdmissionState.Builder state, long nowMs) {
        Map<String, Member> members = new LinkedHashMap<>(state.getMembersMap());
        members.forEach(
                (worker, member) -> {
                    Member.Builder next = member.toBuilder().setReleasing(0);
                    if (member.getStartingSinceMs() > 0) {
                        next.setStartingSinceMs(nowMs);
                    }
                    put(state, worker, next.build());
                });
        // Anew, for a state of an earlier release has no such counts.
        state.setStarting(0).setHeardOf(0);
        state.getMembersMap()
                .values()
                .forEach(
                        member ->
                                state.setStarting(state.getStarting() + starting(member))
                                        .setHeardOf(state.getHeardOf() + heardOf(member)));
    }

    static boolean isOfPresentLife(AdmissionState.Builder state, UpdateId id) {
        Member member = state.getMembersMap().get(id.getWorker());
        return member != null && member.getIncarnation() == id.getIncarnation();
    }

    private Roster() {}
}
