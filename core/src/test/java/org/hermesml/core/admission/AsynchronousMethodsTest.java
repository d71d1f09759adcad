package org.hermesml.core.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.UpdateId;
import org.junit.jupiter.api.Test;

/** Methods in which nobody waits: fedasync, fedbuff, ringmaster, local; and staleness in hermes. */
class AsynchronousMethodsTest {
    @Test
    void anUpdateCountsTheLessTheMoreVersionsItMissed() {
        Story story =
                Story.begun(
                        List.of("a", "b"),
                        "method",
                        "fedasync",
                        "mixing",
                        "0.6",
                        "staleness_exponent",
                        "0.5");
        story.pushes("a", 1, 1, 0, 1);
        assertEquals(0.6, admitted(story).getCoefficient(), 1e-12);
        assertEquals(MergeKind.AVERAGE, admitted(story).getKind());
        story.pushes("a", 1, 2, 1, 1);
        story.pushes("a", 1, 3, 2, 1);
        story.pushes("b", 1, 1, 0, 1);
        assertEquals(0.6 / Math.sqrt(4), admitted(story).getCoefficient(), 1e-12);
    }

    @Test
    void hermesMayWeighStaleness() {
        Story story = Story.begun(List.of("a", "b"), "staleness_exponent", "1");
        story.pushes("a", 1, 1, 0.5);
        story.pushes("b", 1, 1, 0.5);
        // The loss says 1/2, the delay of one version halves it.
        assertEquals(0.25, admitted(story).getCoefficient(), 1e-12);
    }

    @Test
    void aFullBufferMakesAVersionAndItsWorkersWereToldBefore() {
        Story story = Story.begun(List.of("a", "b"), "method", "fedbuff", "buffer_size", "3");
        UpdateId first = story.pushes("a", 1, 1, 0, 1);
        assertEquals(List.of(first), Story.counting(story.log).get(1).getSettledList());
        story.pushes("a", 1, 2, 0, 1);
        assertEquals(0, story.version());
        story.pushes("b", 1, 1, 0, 1);
        assertEquals(1, story.version());
        RoundClosed closed = story.rounds().get(0);
        assertEquals(3, closed.getUpdates());
        assertEquals(MergeKind.ADD, closed.getKind());
        assertEquals(3, closed.getDivisor());
        assertTrue(
                Story.counting(story.log).get(4).getSettledList().isEmpty(),
                "nobody is told a second time");
    }

    @Test
    void aBufferedDeltaIsWeighedByItsDelay() {
        Story story = Story.begun(List.of("a", "b"), "method", "fedbuff", "buffer_size", "1");
        story.pushes("a", 1, 1, 0, 1);
        story.pushes("a", 1, 2, 1, 1);
        story.pushes("a", 1, 3, 2, 1);
        story.pushes("b", 1, 1, 0, 1);
        double weight =
                Story.counting(story.log).stream()
                        .filter(entry -> entry.getVerdict().hasHeld())
                        .reduce((x, y) -> y)
                        .orElseThrow()
                        .getVerdict()
                        .getHeld()
                        .getWeight();
        assertEquals(1 / Math.sqrt(4), weight, 1e-12);
    }

    @Test
    void noBufferTakesMoreThanItsSizeHoweverLateTheLogIsRead() {
        Story story =
                Story.begun(
                        List.of("a", "b", "c", "d", "e"), "method", "fedbuff", "buffer_size", "2");
        story.holdBack();
        for (String worker : List.of("a", "b", "c", "d", "e")) {
            story.pushes(worker, 1, 1, 0, 1);
        }
        story.readBack();
        assertEquals(2, story.version());
        story.rounds().forEach(closed -> assertEquals(2, closed.getUpdates()));
        assertEquals(1, story.state.getLog().getHeldCount());
        assertTrue(VerdictLog.isDecided(story.state.getLog(), UpdateIds.of("e", 1, 1)));
    }

    @Test
    void anUpdateWhoseDelayReachesTheLimitIsRefused() {
        Story story = Story.begun(List.of("a", "b"), "method", "ringmaster", "delay_limit", "2");
        story.pushes("a", 1, 1, 0, 1);
        story.pushes("b", 1, 1, 0, 1);
        assertEquals(List.of(), story.refusals());
        story.pushes("a", 1, 2, 0, 1);
        assertEquals(
                List.of(
                        "too old: 2 versions were made since its worker pulled, and the limit is 2"),
                story.refusals());
    }

    @Test
    void aModelThatIsHandedInTakesTheGlobalOnesPlace() {
        Story story = Story.begun(List.of("a"), "method", "local");
        story.pushes("a", 1, 5, 0.05);
        assertEquals(MergeKind.REPLACE, admitted(story).getKind());
    }

    @Test
    void aMethodThatLooksAtNoLossTakesUpdatesWithoutOne() {
        for (String method :
                List.of("bsp", "asp", "ssp", "ebsp", "selsync", "fedasync", "fedbuff")) {
            Story story = Story.begun(List.of("a"), "method", method, "buffer_size", "1");
            story.pushes("a", 1, 1, 0, 1);
            assertEquals(1, story.version(), method);
            assertEquals(0, story.state.getLastWorkerLoss(), method);
        }
    }

    private static Admitted admitted(Story story) {
        return Story.counting(story.log).stream()
                .filter(entry -> entry.getVerdict().hasAdmitted())
                .reduce((x, y) -> y)
                .orElseThrow()
                .getVerdict()
                .getAdmitted();
    }
}
