package org.hermesml.operators;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.hermesml.core.keyed.KeyedEntries;

/**
 * Entries of a book in keyed state, each in a place of its own: an event changes few of thousands,
 * and only those are written.
 */
final class EntryState<V> {
    private final MapState<String, V> state;

    EntryState(MapState<String, V> state) {
        this.state = state;
    }

    Map<String, V> read() throws Exception {
        Map<String, V> all = new HashMap<>();
        for (Map.Entry<String, V> entry : state.entries()) {
            all.put(entry.getKey(), entry.getValue());
        }
        return all;
    }

    /** What changed, which does not count as changed any more. */
    void write(KeyedEntries<V> entries) throws Exception {
        for (String key : entries.changed()) {
            V value = entries.get(key);
            if (value == null) {
                state.remove(key);
            } else {
                state.put(key, value);
            }
        }
        entries.forgetChanges();
    }
}
