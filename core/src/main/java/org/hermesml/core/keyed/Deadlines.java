package org.hermesml.core.keyed;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** When which of many wants to be looked at again; one time each. One thread at a time. */
public final class Deadlines {
    private final Map<String, Due> byKey = new HashMap<>();
    private final TreeSet<Due> inOrder = new TreeSet<>();

    private record Due(long timeMs, String key) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(timeMs, other.timeMs);
            return byTime != 0 ? byTime : key.compareTo(other.key);
        }
    }

    /** In place of any time set before; {@link Long#MAX_VALUE} for never. */
    public void set(String key, long timeMs) {
        Due before = byKey.remove(key);
        if (before != null) {
            inOrder.remove(before);
        }
        if (timeMs != Long.MAX_VALUE) {
            Due due = new Due(timeMs, key);
            byKey.put(key, due);
            inOrder.add(due);
        }
    }

    /** {@link Long#MAX_VALUE} for never. */
    public long nextMs() {
        return inOrder.isEmpty() ? Long.MAX_VALUE : inOrder.first().timeMs;
    }

    /** Takes out the first whose time has come. */
    public Optional<String> takeDue(long nowMs) {
        if (nextMs() > nowMs) {
            return Optional.empty();
        }
        Due due = inOrder.first();
        set(due.key, Long.MAX_VALUE);
        return Optional.of(due.key);
    }
}
