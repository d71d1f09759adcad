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
import org.hermesml.core.state.Member;
import org.hermesml.core.state.Membership;
import org.hermesml.core.state.MembershipChange;
import org.hermesml.core.state.PendingUpdate;
import org.hermesml.core.state.VerdictLogState;
import org.hermesml.core.state.WaitingWorker;

/**
 * Who takes part in a run, how far each has come, and who waits to be released.
 *
 * <p>A worker that starts holds up others only for a while, counted from its first hello since it
 * last finished an iteration: one that dies and starts again for ever would hold them up for ever.
 */
final class Roster {
    /**
     * Takes in an iteration.
     *
     * @return the samples that its worker has trained since its last pull, epochs counted, this
     *     iteration included; of a worker that is not known, those of this iteration
     */
    static double take(AdmissionBook book, AccountedReport report, Starts starts) {
        IterationReport iteration = report.getIteration();
        double own = (double) iteration.getSamples() * iteration.getEpochs();
        Member known = book.members().get(report.getWorker());
        if (known == null || known.getIncarnation() != report.getIncarnation()) {
            return own;
        }
        Member member = started(book, report.getWorker(), known, starts);
        boolean sameBase = member.getBaseVersion() == iteration.getBaseVersion();
        double work = (sameBase ? member.getWork() : 0) + own;
        put(
                book,
                report.getWorker(),
                member.toBuilder()
                        .setClock(iteration.getClock())
                        .setSeconds(iteration.getSeconds())
                        .setPace(iteration.getSeconds() > 0 ? own / iteration.getSeconds() : 0)
                        .setAnsweredRoundPlusOne(
                                hasAnswered(book, report)
                                        ? book.log().head().getRound() + 1
                                        : member.getAnsweredRoundPlusOne())
                        // A pull follows each push, and may bring the same version once more.
                        .setWork(iteration.getPush() ? 0 : work)
                        .setBaseVersion(iteration.getBaseVersion())
                        .build());
        return work;
    }

    /** A push is an answer once it is held; after a restore that may be known before its report. */
    private static boolean hasAnswered(AdmissionBook book, AccountedReport report) {
        UpdateId id =
                UpdateIds.of(
                        report.getWorker(),
                        report.getIncarnation(),
                        report.getIteration().getClock());
        return !report.getIteration().getPush() || book.log().head().getHeldList().contains(id);
    }

    static void take(AdmissionBook book, WaitingWorker ready, Starts starts) {
        Member member = book.members().get(ready.getWorker());
        if (member != null
                && member.getIncarnation() == ready.getIncarnation()
                && ready.getClock() > member.getReleased()) {
            put(
                    book,
                    ready.getWorker(),
                    started(book, ready.getWorker(), member, starts).toBuilder()
                            .setReady(ready.getClock())
                            .setWants(ready.getWants())
                            .build());
        }
    }

    static void take(AdmissionBook book, Membership change, Starts starts) {
        String worker = change.getWorker();
        Member member = book.member(worker);
        // Who is dismissed has not got the place, and what it did to get it changes nothing.
        if (change.getIncarnation() < member.getIncarnation()
                || change.getChange() == MembershipChange.DISMISSED) {
            return;
        }
        Member.Builder next = inLife(member, change.getIncarnation()).toBuilder();
        switch (change.getChange()) {
            case JOINED, RETURNED -> {
                book.run().setLastProgressMs(starts.nowMs());
                next.setStartingSinceMs(starts.sinceMs(member, next))
                        .setClockBase(base(book, worker, next, starts))
                        .setLive(true)
                        .setDiverged("")
                        .setSilent(false);
            }
            case LEFT -> next.setLive(false).setDiverged(Divergence.why(change));
            case EXPELLED -> next.setLive(false);
            case SILENT -> {
                boolean itsOwn =
                        Silence.isItsOwn(
                                starts.nowMs(),
                                book.run().getLastProgressMs(),
                                change.getSilentMs());
                next.setLive(member.getLive() && (waitsForServer(book, worker) || !itsOwn))
                        .setSilent(true);
            }
            default -> {}
        }
        put(book, worker, next.build());
    }

    /** It has finished an iteration in this life. Nobody waits until it has caught up either. */
    private static Member started(AdmissionBook book, String worker, Member member, Starts starts) {
        if (member.getStartingSinceMs() == 0) {
            return member;
        }
        Member.Builder next = member.toBuilder().setStartingSinceMs(0);
        if (!starts.isWaitedFor(book, member)) {
            next.setClockBase(base(book, worker, next, starts));
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
            AdmissionBook book, String worker, Member.Builder next, Starts starts) {
        long least =
                book.members().asMap().entrySet().stream()
                        .filter(e -> e.getValue().getLive() && !e.getKey().equals(worker))
                        .filter(e -> starts.isWaitedFor(book, e.getValue()))
                        .mapToLong(e -> LiveWorkers.clock(e.getValue()))
                        .min()
                        .orElse(0);
        return Math.max(next.getClockBase(), least - next.getClock());
    }

    private static void put(AdmissionBook book, String worker, Member member) {
        Member before = book.member(worker);
        OpenRound.changed(book, before, member);
        book.run()
                .setStarting(book.run().getStarting() + starting(member) - starting(before))
                .setHeardOf(book.run().getHeardOf() + heardOf(member) - heardOf(before));
        book.members().put(worker, member);
    }

    private static int starting(Member member) {
        return member.getLive() && member.getStartingSinceMs() > 0 ? 1 : 0;
    }

    private static int heardOf(Member member) {
        return member.getLive() && !member.getSilent() ? 1 : 0;
    }

    /** It says nothing new until it is told how to go on. */
    private static boolean waitsForServer(AdmissionBook book, String worker) {
        PendingUpdate pending = book.pending().get(worker);
        if (pending != null && pending.hasReport()) {
            return true;
        }
        Member member = book.member(worker);
        if (member.getWaits() > 0 || member.getReady() > 0) {
            return true;
        }
        VerdictLogState log = book.log().head();
        for (int i = 0; i < log.getHeldCount(); i++) {
            if (log.getHeld(i).getWorker().equals(worker) && !VerdictLog.heldIsSettled(log, i)) {
                return true;
            }
        }
        return false;
    }

    /** An entry of the log that counts. */
    static void take(AdmissionBook book, Verdict verdict) {
        switch (verdict.getDecisionCase()) {
            case ADMITTED -> {
                if (verdict.getAdmitted().getWaits()) {
                    waits(book, verdict.getAdmitted().getId());
                }
            }
            case HELD -> answered(book, verdict.getHeld().getId());
            case REFUSED -> {
                answered(book, verdict.getRefused().getId());
                if (verdict.getRefused().getWaits()) {
                    waits(book, verdict.getRefused().getId());
                }
            }
            case RELEASED -> released(book, verdict.getReleased());
            default -> {}
        }
    }

    /** Its push is decided: only now, so that no round ends without what it waited for. */
    private static void answered(AdmissionBook book, UpdateId id) {
        Member member = book.members().get(id.getWorker());
        if (member != null && member.getIncarnation() == id.getIncarnation()) {
            put(
                    book,
                    id.getWorker(),
                    member.toBuilder()
                            .setAnsweredRoundPlusOne(book.log().head().getRound() + 1)
                            .build());
        }
    }

    private static void waits(AdmissionBook book, UpdateId id) {
        Member member = book.member(id.getWorker());
        if (member.getIncarnation() <= id.getIncarnation()) {
            put(
                    book,
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
    private static void released(AdmissionBook book, Released released) {
        released.getWorkersMap()
                .forEach(
                        (worker, at) -> {
                            Member member = book.member(worker);
                            if (member.getIncarnation() <= at.getIncarnation()) {
                                Member now = inLife(member, at.getIncarnation());
                                put(book, worker, released(now, at.getClock()));
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
    static void propose(AdmissionBook book, Released.Builder released) {
        released.getWorkersMap()
                .forEach(
                        (worker, at) ->
                                put(
                                        book,
                                        worker,
                                        book.members().get(worker).toBuilder()
                                                .setReleasing(at.getClock())
                                                .build()));
    }

    /** What was written and not read back may be lost, and nobody could start meanwhile. */
    static void resume(AdmissionBook book, long nowMs) {
        Map<String, Member> members = new LinkedHashMap<>(book.members().asMap());
        members.forEach(
                (worker, member) -> {
                    Member.Builder next = member.toBuilder().setReleasing(0);
                    if (member.getStartingSinceMs() > 0) {
                        next.setStartingSinceMs(nowMs);
                    }
                    put(book, worker, next.build());
                });
        // Anew, for a state of an earlier release has no such counts.
        book.run().setStarting(0).setHeardOf(0);
        book.members()
                .asMap()
                .values()
                .forEach(
                        member ->
                                book.run()
                                        .setStarting(book.run().getStarting() + starting(member))
                                        .setHeardOf(book.run().getHeardOf() + heardOf(member)));
    }

    static boolean isOfPresentLife(AdmissionBook book, UpdateId id) {
        Member member = book.members().get(id.getWorker());
        return member != null && member.getIncarnation() == id.getIncarnation();
    }

    private Roster() {}
}
