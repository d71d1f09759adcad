package org.hermesml.core.defence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hermesml.core.defence.AuditPlan.Audit;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.settings.Settings;
import org.junit.jupiter.api.Test;

class AuditPlanTest {
    private static AuditPlan plan(String share) {
        return new AuditPlan(Settings.of(Map.of("audit_share", share)), 7);
    }

    private static UpdateId id(String worker, long sequence) {
        return UpdateIds.of(worker, 1, sequence);
    }

    /** Measures what is to be measured next, and finds a loss. */
    private static Optional<UpdateId> measure(AuditPlan plan, double loss) {
        Optional<Audit> next = plan.next(false);
        next.ifPresent(audit -> plan.measured(audit, loss));
        return next.map(Audit::id);
    }

    private static UpdateId push(AuditPlan plan, String worker, long sequence, double loss) {
        UpdateId id = id(worker, sequence);
        plan.complete(id);
        plan.claimed(id, loss);
        return id;
    }

    @Test
    void aWorkerIsMeasuredUntilItsWordIsBorneOut() {
        AuditPlan plan = plan("0");

        UpdateId first = push(plan, "a", 1, 0.5);
        assertEquals(Optional.of(first), measure(plan, 0.9));
        assertTrue(plan.isEmpty());
        UpdateId second = push(plan, "a", 2, 0.5);
        assertEquals(Optional.of(second), measure(plan, 0.5));
        push(plan, "a", 3, 0.5);

        assertEquals(Optional.empty(), plan.next(false));
    }

    @Test
    void whoMakesABoldClaimIsMeasuredAgain() {
        AuditPlan plan = plan("0");
        for (String worker : List.of("a", "b", "c", "d")) {
            for (int clock = 1; clock < 3; clock++) {
                push(plan, worker, clock, 0.5);
                measure(plan, 0.5);
            }
        }

        push(plan, "a", 3, 0.45);
        assertTrue(plan.isEmpty());
        UpdateId bold = push(plan, "b", 3, 0.1);

        assertEquals(Optional.of(bold), measure(plan, 0.5));
    }

    @Test
    void ofThoseThatAreBelievedAShareIsDrawn() {
        AuditPlan plan = plan("0.25");
        push(plan, "a", 1, 0.5);
        measure(plan, 0.5);

        int measured = 0;
        for (int clock = 2; clock < 1002; clock++) {
            push(plan, "a", clock, 0.5);
            measured += plan.next(false).isPresent() ? 1 : 0;
        }

        assertEquals(250, measured, 50);
    }

    @Test
    void onlyTheNewestUpdateOfAWorkerCounts() {
        AuditPlan plan = plan("1");
        push(plan, "a", 1, 0.5);
        UpdateId second = push(plan, "a", 2, 0.5);
        plan.complete(id("a", 1));

        assertEquals(Optional.of(second), measure(plan, 0.5));
        assertTrue(plan.isEmpty());
    }

    @Test
    void theFirstLookAtAWorkerIsARoughOneAndACloserOneFollowsForWhichNobodyWaits() {
        AuditPlan plan = plan("0");
        push(plan, "a", 1, 0.5);
        Audit first = plan.next(false).orElseThrow();
        assertTrue(first.rough());
        plan.measured(first, 0.7);
        assertEquals(Optional.empty(), plan.next(true));

        push(plan, "a", 2, 0.5);
        assertEquals(Optional.empty(), plan.next(true), "nobody waits for it");
        Audit second = plan.next(false).orElseThrow();
        assertFalse(second.rough());
        plan.measured(second, 0.7);
        assertEquals(Optional.empty(), plan.next(true));
        UpdateId third = push(plan, "a", 3, 0.5);

        assertEquals(Optional.of(third), plan.next(true).map(Audit::id), "that was a lie");
    }

    @Test
    void versionsAndThoseWhoWaitTakeTurns() {
        AuditPlan plan = plan("1");
        UpdateId first = push(plan, "a", 1, 0.5);
        UpdateId second = push(plan, "b", 1, 0.5);

        assertEquals(Optional.of(first), plan.next(true).map(Audit::id));
        assertEquals(Optional.empty(), plan.next(true));
        assertEquals(Optional.of(second), plan.next(true).map(Audit::id));
    }
}
