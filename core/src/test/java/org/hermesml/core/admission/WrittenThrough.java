package org.hermesml.core.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.hermesml.core.keyed.KeyedEntries;
import org.hermesml.core.state.AdmissionState;
import org.hermesml.core.state.RunEvent;

/**
 * Two hosts that must not be told apart: one keeps its book open, the other forgets it after each
 * event, and has only what it said had changed.
 */
final class WrittenThrough {
    private final AdmissionBook open;
    private AdmissionState state;

    WrittenThrough(AdmissionState state) {
        this.open = new AdmissionBook(state);
        this.state = state;
    }

    AdmissionState state() {
        return state;
    }

    Admission.Outcome apply(Admission admission, RunEvent event, long nowMs) {
        AdmissionBook book = new AdmissionBook(state);
        book.forgetChanges();
        Admission.Outcome outcome = admission.apply(book, event, nowMs);
        AdmissionState.Builder written = book.head().toBuilder();
        written.putAllMembers(written(state.getMembersMap(), book.members()))
                .putAllPending(written(state.getPendingMap(), book.pending()))
                .putAllUncommitted(written(state.getUncommittedMap(), book.uncommitted()))
                .putAllTrust(written(state.getTrustMap(), book.trust().workers()))
                .getLogBuilder()
                .putAllDecided(written(state.getLog().getDecidedMap(), book.log().decided()));
        state = written.build();
        assertEquals(book.state(), state);
        assertEquals(admission.apply(open, event, nowMs), outcome);
        assertEquals(open.state(), state);
        return outcome;
    }

    private static <V> Map<String, V> written(Map<String, V> before, KeyedEntries<V> entries) {
        Map<String, V> written = new HashMap<>(before);
        entries.changed().forEach(key -> written.put(key, entries.get(key)));
        written.values().removeIf(Objects::isNull);
        return written;
    }
}
