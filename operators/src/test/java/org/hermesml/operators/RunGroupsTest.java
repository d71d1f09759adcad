package org.hermesml.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.runtime.metrics.NoOpMetricRegistry;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;
import org.apache.flink.runtime.metrics.groups.GenericMetricGroup;
import org.junit.jupiter.api.Test;

class RunGroupsTest {
    private final Map<String, AbstractMetricGroup<?>> groups = new HashMap<>();
    private final RunGroups<Object> runs =
            new RunGroups<>(new GenericMetricGroup(NoOpMetricRegistry.INSTANCE, null, "job"));

    @Test
    void aRunKeepsItsGroupWhileItGoesOn() {
        Object first = shown("a");
        for (int i = 0; i < 100; i++) {
            shown("other-" + i);
        }
        assertSame(first, shown("a"));
        assertFalse(groups.get("a").isClosed());
    }

    @Test
    void onlyTheNewestOfThoseThatEndedAreShown() {
        for (int i = 0; i < 3 * RunGroups.ENDED; i++) {
            shown("run-" + i);
            runs.ended("run-" + i);
            // as when it is deleted, too
            runs.ended("run-" + i);
        }
        assertEquals(RunGroups.ENDED, runs.size());
        for (int i = 0; i < 3 * RunGroups.ENDED; i++) {
            assertEquals(i < 2 * RunGroups.ENDED, groups.get("run-" + i).isClosed(), "run-" + i);
        }
    }

    @Test
    void aRunOfWhichNothingIsShownMayEnd() {
        runs.ended("unheard-of");
        assertEquals(0, runs.size());
    }

    @Test
    void aNameThatComesAgainAtOnceGoesOnLikeAnyOther() {
        Object first = shown("again");
        runs.ended("again");
        shown("again");
        for (int i = 0; i < 2 * RunGroups.ENDED; i++) {
            shown("run-" + i);
            runs.ended("run-" + i);
        }
        assertSame(first, shown("again"));
        assertFalse(groups.get("again").isClosed());
    }

    @Test
    void aNameMayComeAgain() {
        Object first = shown("again");
        runs.ended("again");
        for (int i = 0; i < RunGroups.ENDED; i++) {
            shown("run-" + i);
            runs.ended("run-" + i);
        }
        assertTrue(groups.get("again").isClosed());
        assertNotSame(first, shown("again"));
        assertFalse(groups.get("again").isClosed());
    }

    private Object shown(String run) {
        return runs.of(
                run,
                group -> {
                    groups.put(run, (AbstractMetricGroup<?>) group);
                    return new Object();
                });
    }
}
