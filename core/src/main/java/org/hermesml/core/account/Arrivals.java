package org.hermesml.core.account;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.Restored;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.MembershipChange;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.WorkerAccount;

/**
 * Which process has the place of a worker, and what it begins with. Pure.
 *
 * <p>A later process takes the place of an earlier one: nobody can tell at once whether that one is
 * dead, and a worker that crashed must not wait. Once the earlier one shows that it is alive the
 * two are rivals: it is told to go, and for a while nobody else gets the place from the one that
 * has it and reports. So two processes with one id change places once and no more.
 */
final class Arrivals {
    private final Silence silence;
    private final AccountEvents of;
    private final PushRule rule;
    private final long memoryMs;

    Arrivals(AccountEvents of, PushRule rule, Silence silence, Settings settings) {
        this.of = of;
        this.rule = rule;
        this.silence = silence;
        this.memoryMs = settings.get(Settings.RIVAL_MEMORY).toMillis();
    }

    /**
     * @param refusal why the hello does not count; empty when it does
     */
    record Arrival(WorkerAccount account, List<RunEvent> events, String refusal) {}

    /** A process says hello, later than the present one did. */
    Arrival hello(WorkerAccount account, Report report, long offset, long nowMs) {
        String worker = report.getWorker();
        if (isDefended(account, nowMs)) {
            return rival(account, worker, offset, nowMs);
        }
        Hello hello = report.getHello();
        boolean known = account.hasHello();
        boolean resumes = known && savedThis(account, hello);
        WorkerAccount.Builder next =
                WorkerAccount.newBuilder()
                        .setIncarnation(offset)
                        .setHello(hello)
                        .setPush(begin(account, resumes))
                        .setBaseVersion(
                                resumes && !hello.getRestored().getPulls()
                                        ? account.getBaseVersion()
                                        : -1)
                        .setLastProgressMs(nowMs)
                        .setBeganMs(nowMs)
                        .setRivalMs(account.getRivalMs());
        if (resumes) {
            next.setRestored(hello.getRestored());
        }
        WorkerAccount begun = next.build();
        List<RunEvent> events = new ArrayList<>();
        events.add(
                known
                        ? of.begins(worker, offset, hello, begun.getPush())
                        : of.arrived(worker, offset, MembershipChange.JOINED, hello));
        if (known && !account.getGone()) {
            String reason = another(worker, begun) + " and has taken its place";
            events.add(of.dismissed(worker, account.getIncarnation(), reason, false));
        }
        return new Arrival(begun, events, "");
    }

    /**
     * A process that has not got the place speaks, after the one that has it said hello: both are
     * alive.
     */
    Arrival rival(WorkerAccount account, String worker, long incarnation, long nowMs) {
        String reason =
                another(worker, account)
                        + " and has its place; every device needs an id of its own";
        RunEvent dismissed = of.dismissed(worker, incarnation, reason, true);
        WorkerAccount next = account.toBuilder().setRivalMs(nowMs).build();
        return new Arrival(next, List.of(dismissed), reason);
    }

    /** Another process was alive beside the present one not long ago, and this one still is. */
    private boolean isDefended(WorkerAccount account, long nowMs) {
        return account.hasHello()
                && !account.getGone()
                && !account.getSilent()
                && account.getRivalMs() > 0
                && nowMs - account.getRivalMs() < memoryMs
                && nowMs - account.getLastProgressMs() < silence.deadlineMs(account);
    }

    private PushState begin(WorkerAccount account, boolean resumes) {
        if (resumes) {
            return account.getPush();
        }
        return account.hasHello() ? rule.returned(account.getPush()) : rule.start();
    }

    /** What the worker saved is what stands here: its newest report is the newest that came. */
    private static boolean savedThis(WorkerAccount account, Hello hello) {
        if (!hello.hasRestored()) {
            return false;
        }
        Restored saved = hello.getRestored();
        boolean ofThisLife =
                saved.getIncarnation() == account.getIncarnation()
                        && saved.getClock() == account.getClock();
        boolean asBefore =
                account.getClock() == 0
                        && account.hasRestored()
                        && saved.equals(account.getRestored());
        return ofThisLife || asBefore;
    }

    private static String another(String worker, WorkerAccount present) {
        String place = present.getHello().getPlace();
        return "another process with the id "
                + worker
                + (place.isEmpty() ? "" : " (" + place + ")")
                + " began at "
                + Instant.ofEpochMilli(present.getBeganMs()).truncatedTo(ChronoUnit.SECONDS);
    }
}
