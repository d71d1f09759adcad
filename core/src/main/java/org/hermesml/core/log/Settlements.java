package org.hermesml.core.log;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.AccountEvent;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.ReleasedWorker;
import org.hermesml.core.state.SettledPush;

/** The fate of each push that a log entry settles, for its worker. Pure. */
public final class Settlements {
    /** Empty for entries that are ignored or settle nobody's push. */
    public static List<SettledPush> of(NumberedVerdict entry) {
        Verdict verdict = entry.getVerdict();
        boolean admitted = !verdict.hasRefused();
        return entry.getSettledList().stream()
                .filter(id -> !UpdateIds.isInitial(id))
                .map(
                        id ->
                                SettledPush.newBuilder()
                                        .setRun(verdict.getRun())
                                        .setId(id)
                                        .setAdmitted(admitted)
                                        .setReason(verdict.getRefused().getReason())
                                        .setVersion(admitted ? entry.getVersion() : 0)
                                        .setIterations(
                                                verdict.getRoundClosed()
                                                        .getIterationsOrDefault(id.getWorker(), 0))
                                        .setWaits(waits(verdict))
                                        .setExpels(verdict.getRefused().getExpels())
                                        .build())
                .toList();
    }

    /** The workers that a log entry lets go on, by name. Empty for entries of any other kind. */
    public static List<ReleasedWorker> releases(NumberedVerdict entry) {
        Verdict verdict = entry.getVerdict();
        if (entry.getIgnored() || !verdict.hasReleased()) {
            return List.of();
        }
        return new TreeMap<>(verdict.getReleased().getWorkersMap())
                .entrySet().stream()
                        .map(
                                e ->
                                        ReleasedWorker.newBuilder()
                                                .setRun(verdict.getRun())
                                                .setWorker(e.getKey())
                                                .setIncarnation(e.getValue().getIncarnation())
                                                .setClock(e.getValue().getClock())
                                                .setPush(verdict.getReleased().getPush())
                                                .build())
                        .toList();
    }

    /** All that the accounts of workers must learn of a log entry, in order. */
    public static List<AccountEvent> forAccounts(NumberedVerdict entry) {
        List<AccountEvent> events = new ArrayList<>();
        for (SettledPush settled : of(entry)) {
            events.add(
                    AccountEvent.newBuilder()
                            .setRun(settled.getRun())
                            .setWorker(settled.getId().getWorker())
                            .setSettled(settled)
                            .build());
        }
        for (ReleasedWorker released : releases(entry)) {
            events.add(
                    AccountEvent.newBuilder()
                            .setRun(released.getRun())
                            .setWorker(released.getWorker())
                            .setReleased(released)
                            .build());
        }
        return events;
    }

    private static boolean waits(Verdict verdict) {
        return verdict.getAdmitted().getWaits() || verdict.getRefused().getWaits();
    }

    private Settlements() {}
}
