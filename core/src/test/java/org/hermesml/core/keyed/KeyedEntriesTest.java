package org.hermesml.core.keyed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyedEntriesTest {
    private final KeyedEntries<String> entries = new KeyedEntries<>();

    @Test
    void namesWhatWasPutAndWhatWasRemoved() {
        entries.putAll(Map.of("a", "1", "b", "2", "c", "3"));
        entries.forgetChanges();
        assertEquals(Set.of(), entries.changed());
        entries.put("a", "4");
        entries.remove("b");
        assertEquals(Set.of("a", "b"), entries.changed());
        assertNull(entries.get("b"));
        assertEquals(Map.of("a", "4", "c", "3"), entries.asMap());
    }

    @Test
    void whoFollowsSeesAllThatAreThereAndEachThatChanges() {
        entries.put("a", "1");
        Set<String> one = entries.follow();
        entries.put("b", "2");
        Set<String> other = entries.follow();
        assertEquals(Set.of("a", "b"), one);
        assertEquals(Set.of("a", "b"), other);
        one.clear();
        entries.remove("a");
        entries.forgetChanges();
        assertEquals(Set.of("a"), one);
        assertEquals(Set.of("a", "b"), other);
    }

    @Test
    void isChangedByItsOwnMethodsAlone() {
        entries.put("a", "1");
        assertThrows(UnsupportedOperationException.class, () -> entries.asMap().put("b", "2"));
        assertThrows(UnsupportedOperationException.class, () -> entries.changed().clear());
    }
}
