package org.hermesml.core.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.NumberedVerdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that dies at any moment and starts again from any earlier checkpoint, while the logs
 * keep what they have and are read anew in another interleaving.
 */
class CrashesTest {
    private static final int SEEDS = 150;
    private static final int PUSHES = 5;
    private static final List<String> WORKERS = List.of("a", "b", "c");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hermes",
                "hermes rounds",
                "hermes rounds defended",
                "official",
                "bsp",
                "asp",
                "ssp",
                "ebsp",
                "selsync",
                "fedasync",
                "fedbuff",
                "ringmaster"
            })
    void noUpdateIsLostOrCountedTwiceAndTheRunGoesOn(String method) {
        for (int seed = 0; seed < SEEDS; seed++) {
            CrashingRun run = new CrashingRun(method, WORKERS, PUSHES, seed);
            String story = method + ", seed " + seed;
            assertTrue(run.toItsEnd(), () -> story + ": the run stands still; " + run);

            Set<UpdateId> decided = new HashSet<>();
            for (NumberedVerdict entry : Story.counting(run.log())) {
                Verdict verdict = entry.getVerdict();
                UpdateId id =
                        verdict.hasAdmitted()
                                ? verdict.getAdmitted().getId()
                                : verdict.getHeld().getId();
                assertTrue(
                        !verdict.hasRefused(),
                        () -> story + ": a sound update was refused: " + verdict.getRefused());
                if (verdict.hasAdmitted() || verdict.hasHeld()) {
                    assertTrue(decided.add(id), () -> story + ": twice in the model: " + id);
                }
            }
            // In selsync they push only when told to.
            if (!method.equals("selsync")) {
                assertEquals(1 + WORKERS.size() * PUSHES, decided.size(), story);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hermes", "asp"})
    void oneUpdateAtMostTakesThePlaceOfTheInitialModel(String method) {
        for (int seed = 0; seed < SEEDS; seed++) {
            CrashingRun run = new CrashingRun(method, WORKERS, PUSHES, seed);
            run.toItsEnd();
            long replacing =
                    Story.counting(run.log()).stream()
                            .map(entry -> entry.getVerdict().getAdmitted())
                            .filter(admitted -> !UpdateIds.isInitial(admitted.getId()))
                            .filter(admitted -> admitted.getKind() == MergeKind.REPLACE)
                            .count();
            assertEquals(method.equals("hermes") ? 1 : 0, replacing, method + ", seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "hermes")
    void theWorkOfAnUpdateIsThatSinceItsPullWhateverTheServerForgot(String method) {
        for (int seed = 0; seed < SEEDS; seed++) {
            CrashingRun run = new CrashingRun(method, WORKERS, PUSHES, seed);
            run.toItsEnd();
            for (NumberedVerdict entry : Story.counting(run.log())) {
                UpdateId id = entry.getVerdict().getAdmitted().getId();
                if (!UpdateIds.isInitial(id)) {
                    assertEquals(
                            CrashingRun.workOf(id),
                            entry.getVerdict().getAdmitted().getWork(),
                            method + ", seed " + seed);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "official")
    void eachUpdateOfOfficialIsWeighedAgainstTheVersionJustBeforeIt(String method) {
        for (int seed = 0; seed < SEEDS; seed++) {
            CrashingRun run = new CrashingRun(method, WORKERS, PUSHES, seed);
            run.toItsEnd();
            for (NumberedVerdict entry : Story.counting(run.log())) {
                if (entry.getVersion() > 1) {
                    assertEquals(
                            entry.getVersion() - 1,
                            entry.getVerdict().getAdmitted().getGlobalVersion(),
                            method + ", seed " + seed);
                }
            }
        }
    }
}
