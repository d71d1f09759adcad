package org.hermesml.core.keyed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Values by key, of which a host can ask which ones changed: it writes those alone. One thread at a
 * time.
 */
public final class KeyedEntries<V> {
    private final Map<String, V> all = new HashMap<>();
    private final Map<String, V> view = Collections.unmodifiableMap(all);
    private final Set<String> changed = new LinkedHashSet<>();
    private final List<Set<String>> followers = new ArrayList<>();

    /** Null where there is none. */
    public V get(String key) {
        return all.get(key);
    }

    public V getOrDefault(String key, V otherwise) {
        return all.getOrDefault(key, otherwise);
    }

    public boolean contains(String key) {
        return all.containsKey(key);
    }

    public int size() {
        return all.size();
    }

    public void put(String key, V value) {
        all.put(key, value);
        changed(key);
    }

    public void putAll(Map<String, V> values) {
        values.forEach(this::put);
    }

    public void remove(String key) {
        all.remove(key);
        changed(key);
    }

    /** All there are, at any time; in no order. */
    public Map<String, V> asMap() {
        return view;
    }

    /** Keys that were put or removed since {@link #forgetChanges}, in the order of first change. */
    public Set<String> changed() {
        return Collections.unmodifiableSet(changed);
    }

    public void forgetChanges() {
        if (!changed.isEmpty()) {
            changed.clear();
        }
    }

    /**
     * A set that all keys are in now, and that every key comes into that is put or removed from now
     * on. For who keeps something that follows from the values: takes out what it has seen.
     */
    public Set<String> follow() {
        Set<String> follower = new HashSet<>(all.keySet());
        followers.add(follower);
        return follower;
    }

    private void changed(String key) {
        changed.add(key);
        for (Set<String> follower : followers) {
            follower.add(key);
        }
    }
}
