package org.hermesml.core.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.Refused;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.junit.jupiter.api.Test;

/** What becomes of updates whose reports an evaluator does not bear out. */
class DefenceTest {
    private static final List<String> FIVE = List.of("a", "b", "c", "d", "e");

    private static Story defended(String... more) {
        String[] settings = new String[4 + more.length];
        settings[0] = "defence";
        settings[1] = "true";
        settings[2] = "merge";
        settings[3] = "round";
        System.arraycopy(more, 0, settings, 4, more.length);
        return Story.begun(FIVE, settings);
    }

    /** One honest update of each of {@code workers}, measured. */
    private static void bornOut(Story story, String... workers) {
        for (String worker : workers) {
            story.score(story.pushes(worker, 1, 1, 0.5), 0.5);
        }
    }

    private static boolean isHeld(Story story, UpdateId id) {
        return story.log.stream().anyMatch(v -> v.getHeld().getId().equals(id));
    }

    private static double weight(Story story, UpdateId id) {
        return story.log.stream()
                .map(Verdict::getHeld)
                .filter(held -> held.getId().equals(id))
                .findFirst()
                .orElseThrow()
                .getWeight();
    }

    private static Refused refusal(Story story, UpdateId id) {
        return story.log.stream()
                .map(Verdict::getRefused)
                .filter(refused -> refused.getId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theWordOfAWorkerCountsOnceItWasBorneOut() {
        Story story = defended();

        UpdateId first = story.pushes("a", 1, 1, 0.5);
        assertFalse(isHeld(story, first));
        story.score(first, 0.501);
        assertTrue(isHeld(story, first));

        assertTrue(isHeld(story, story.pushes("a", 1, 2, 0.45)), "and then at once");
    }

    @Test
    void whatWasMeasuredWeighsAndNotWhatWasSaid() {
        Story story = defended("merge_weight", "loss", "loss_power", "1");

        UpdateId id = story.pushes("a", 1, 1, 0.5);
        story.score(id, 0.52);

        assertEquals(1 / 0.52, weight(story, id), 1e-9);
    }

    @Test
    void aDeadEvaluatorHoldsNobodyLongerThanItsDeadlineAndNoClaimIsBetterThanWhatWasScored() {
        Story story = defended("merge_weight", "loss", "loss_power", "1");
        story.score(0, 2, 0.1);

        UpdateId id = story.pushes("a", 1, 1, 0.01);
        story.waits(4_999);
        assertFalse(isHeld(story, id));
        story.waits(1);

        assertTrue(isHeld(story, id));
        assertEquals(1 / 2.0, weight(story, id), 1e-9);
    }

    @Test
    void onceVersionsGoWithoutScoreNobodyWaitsForThatOfAnUpdate() {
        Story story = defended();
        story.waits(5_000);

        assertTrue(isHeld(story, story.pushes("a", 1, 1, 0.5)));
    }

    @Test
    void aLiarIsRefusedAndTheSecondTimeExpelled() {
        Story story = defended();
        bornOut(story, "a", "b", "c");

        UpdateId first = story.pushes("d", 1, 1, 0.5);
        story.score(first, 0.6);
        assertFalse(refusal(story, first).getExpels());
        UpdateId second = story.pushes("d", 1, 2, 0.5);
        story.score(second, Double.NaN);

        assertTrue(refusal(story, second).getExpels());
        assertEquals(List.of("d"), story.expelled());
        UpdateId third = story.pushes("d", 2, 1, 0.5);
        assertEquals(
                "its worker was expelled for reporting false losses",
                refusal(story, third).getReason());
    }

    @Test
    void whoLiesBeyondAnyDoubtIsExpelledAtOnce() {
        Story story = defended();
        bornOut(story, "a", "b", "c");

        UpdateId id = story.pushes("d", 1, 1, 0.5);
        story.score(id, 2);

        assertTrue(refusal(story, id).getExpels());
    }

    @Test
    void aWorkerThatTurnsIsFoundOutByAnAuditOfWhatWasTaken() {
        Story story = defended();
        bornOut(story, "a", "b", "c", "d");

        UpdateId taken = story.pushes("d", 1, 2, 0.5);
        assertTrue(isHeld(story, taken));
        story.score(taken, 3);
        UpdateId next = story.pushes("d", 1, 3, 0.5);
        assertFalse(isHeld(story, next), "its word counts no more");
        story.score(next, 3);

        assertTrue(refusal(story, next).getExpels());
    }

    @Test
    void aClaimFarBetterThanThoseOfTheOthersIsMeasuredFirst() {
        Story story = defended();
        bornOut(story, "a", "b", "c", "d");

        UpdateId bold = story.pushes("d", 1, 2, 0.5 * 0.69);
        assertFalse(isHeld(story, bold));
        assertTrue(isHeld(story, story.pushes("c", 1, 2, 0.5 * 0.71)));
        story.score(bold, 0.5 * 0.69);

        assertTrue(isHeld(story, bold), "it was true");
    }

    @Test
    void whereMostAreFoundLyingItIsTheMeasureThatCountsAndNobodyIsRefused() {
        Story story = defended("merge_weight", "loss", "loss_power", "1");
        for (int clock = 1; clock <= 4; clock++) {
            for (String worker : FIVE) {
                UpdateId id = story.pushes(worker, 1, clock, 0.5);
                story.score(id, 2);
                assertTrue(isHeld(story, id), "a model that evaluators measure otherwise");
            }
        }

        assertEquals(List.of(), story.expelled());
    }

    @Test
    void halfOfTheWorkersStayInAnyCase() {
        Story story = defended();
        bornOut(story, "a", "b", "c");
        for (String liar : List.of("d", "e", "c")) {
            for (int clock = 2; clock <= 4; clock++) {
                story.score(story.pushes(liar, 1, clock, 0.5), 3);
            }
        }

        assertEquals(List.of("d", "e"), story.expelled());
    }

    @Test
    void anUpdateFarLargerThanThoseOfTheOthersIsRefused() {
        Story story = defended("audit_share", "0");
        bornOut(story, "a", "b", "c");
        UpdateId large = UpdateIds.of("d", 1, 1);

        for (int slice = 0; slice < 2; slice++) {
            story.ticket(story.goodTicket(large, slice).setSquaredNorm(101));
        }
        story.report(large, 0.5);

        assertEquals(
                "its norm of 14.2 is 10.0 times the median of the others', and norm_limit is 10.0",
                refusal(story, large).getReason());
    }

    /** Whoever was found unsound once does not wait for a score, whatever became of the verdict. */
    @Test
    void anUpdateWhoseRefusalWasLostInACrashIsRefusedAgainAtOnce() {
        Story story = defended("audit_share", "0");
        bornOut(story, "a", "b", "c");
        UpdateId large = UpdateIds.of("d", 1, 1);
        story.holdBack();
        for (int slice = 0; slice < 2; slice++) {
            story.ticket(story.goodTicket(large, slice).setSquaredNorm(101));
        }
        story.report(large, 0.5);
        assertTrue(story.last().hasRefused());
        story.log.remove(story.log.size() - 1);

        story.resumes(2);
        story.readBack();

        assertEquals(2, story.last().getLife());
        assertEquals(RefusalKind.NORM_TOO_LARGE, story.last().getRefused().getKind());
    }

    @Test
    void aLoneLiarNeverCountsForMoreThanItsMeasureOrABoundedPartAboveTheOthers() {
        SplittableRandom random = new SplittableRandom(4);
        for (int run = 0; run < 200; run++) {
            Story story = defended("merge_weight", "loss", "loss_power", "10");
            bornOut(story, "a", "b", "c", "d");
            double claim = Math.pow(10, -3 * random.nextDouble()) * 0.5;
            UpdateId id = story.pushes("d", 1, 2, claim);
            if (random.nextBoolean()) {
                story.score(id, 0.5);
            } else {
                story.waits(5_000);
            }
            if (isHeld(story, id)) {
                double above = weight(story, id) / Math.pow(0.5, -10);
                assertTrue(above <= Math.pow(0.7, -10) * 1.001, "claim " + claim);
            }
        }
    }

    @Test
    void withoutDefenceEverybodyIsTakenAtHisWord() {
        Story story = Story.begun(FIVE, "merge", "round");
        UpdateId id = story.pushes("a", 1, 1, 0.001);

        assertTrue(isHeld(story, id));
        story.score(id, 5);
        assertEquals(List.of(), story.expelled());
    }
}
