package org.hermesml.core.admission;

import org.hermesml.core.defence.TrustBook;
import org.hermesml.core.keyed.KeyedEntries;
import org.hermesml.core.log.LogBook;
import org.hermesml.core.state.AdmissionState;
import org.hermesml.core.state.Member;
import org.hermesml.core.state.PendingUpdate;

/**
 * The state of a run's admission, open for changes: a run may have thousands of workers, and an
 * event concerns few of them. One thread at a time.
 */
public final class AdmissionBook {
    private static final Member NOBODY = Member.getDefaultInstance();

    private final AdmissionState.Builder run;
    private final LogBook log;
    private final KeyedEntries<Member> members = new KeyedEntries<>();
    private final KeyedEntries<PendingUpdate> pending = new KeyedEntries<>();
    private final KeyedEntries<PendingUpdate> uncommitted = new KeyedEntries<>();
    private final TrustBook trust;
    private Agenda agenda;

    /** All of {@code state}'s entries count as changed. */
    public AdmissionBook(AdmissionState state) {
        run = state.toBuilder();
        run.clearLog().clearMembers().clearPending().clearUncommitted().clearTrust();
        log = new LogBook(state.getLog());
        members.putAll(state.getMembersMap());
        pending.putAll(state.getPendingMap());
        uncommitted.putAll(state.getUncommittedMap());
        trust = new TrustBook(state.getTrustMap());
    }

    /** The state of a run before anything happened. */
    public static AdmissionBook empty() {
        return new AdmissionBook(AdmissionState.getDefaultInstance());
    }

    /** What is there once, whatever the number of workers; the log is kept apart. */
    public AdmissionState.Builder run() {
        return run;
    }

    public LogBook log() {
        return log;
    }

    /** By worker. */
    public KeyedEntries<Member> members() {
        return members;
    }

    /** By worker: at most one update of a worker is undecided. */
    public KeyedEntries<PendingUpdate> pending() {
        return pending;
    }

    /** By id: slices and scores whose report has not come. */
    public KeyedEntries<PendingUpdate> uncommitted() {
        return uncommitted;
    }

    public TrustBook trust() {
        return trust;
    }

    /** That of {@code rules}, who are the same from call to call. */
    Agenda agenda(RunRules rules) {
        if (agenda == null || !agenda.isBy(rules)) {
            agenda = new Agenda(rules, this);
        }
        return agenda;
    }

    /** What is known of a worker; nothing of one that is not. */
    Member member(String worker) {
        return members.getOrDefault(worker, NOBODY);
    }

    /** What is there once, the log's head included: all but the entries that can be had by key. */
    public AdmissionState head() {
        return run.clone().setLog(log.head()).build();
    }

    /** All in one. */
    public AdmissionState state() {
        return run.clone()
                .setLog(log.state())
                .putAllMembers(members.asMap())
                .putAllPending(pending.asMap())
                .putAllUncommitted(uncommitted.asMap())
                .putAllTrust(trust.workers().asMap())
                .build();
    }

    /** From now on nothing counts as changed. */
    public void forgetChanges() {
        log.decided().forgetChanges();
        members.forgetChanges();
        pending.forgetChanges();
        uncommitted.forgetChanges();
        trust.workers().forgetChanges();
    }
}
