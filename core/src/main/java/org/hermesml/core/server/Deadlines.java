package org.hermesml.core.server;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** When which worker wants to be looked at again; one time each. */
final class Deadlines {
    private final Map<String, Due> byWorker = new HashMap<>();
    private final TreeSet<Due> inOrder = new TreeSet<>();

    private record Due(long timeMs, String worker) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(timeMs, other.timeMs);
            return byTime != 0 ? byTime : worker.compareTo(other.worker);
        }
    }

    /** In place of any time set before; {@link Long#MAX_VALUE} for never. */
    void set(String worker, long timeMs) {
        Due before = byWorker.remove(worker);
        if (before != null) {
            inOrder.remove(before);
        }
        if (timeMs != Long.MAX_VALUE) {
            Due due = new Due(timeMs, worker);
            byWorker.put(worker, due);
            inOrder.add(due);
        }
    }

    long nextMs() {
        return inOrder.isEmpty() ? Long.MAX_VALUE : inOrder.first().timeMs;
    }

    /** Takes out the first worker whose time has come. */
    Optional<String> takeDue(long nowMs) {
        if (nextMs() > nowMs) {
            return Optional.empty();
        }
        Due due = inOrder.first();
        set(due.worker, Long.MAX_VALUE);
        return Optional.of(due.worker);
    }
}
