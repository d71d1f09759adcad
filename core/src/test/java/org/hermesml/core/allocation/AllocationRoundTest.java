package org.hermesml.core.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.hermesml.core.allocation.AllocationRound.Changes;
import org.hermesml.core.allocation.AllocationRound.Decision;
import org.hermesml.core.allocation.AllocationRound.Standing;
import org.hermesml.core.allocation.DualSearch.Fit;
import org.hermesml.core.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllocationRoundTest {
    @ParameterizedTest
    @ValueSource(strings = {"hermes", "balanced", "official"})
    void whatChangesIsWhatTheWholeDecisionChanges(String method) {
        AllocationRound round =
                new AllocationRound(
                        Settings.of(
                                Map.of(
                                        "method",
                                        method,
                                        "allocation",
                                        "true",
                                        "tail_average",
                                        "0")));
        SplittableRandom random = new SplittableRandom(1);
        int changed = 0;
        for (int i = 0; i < 50; i++) {
            Map<String, Standing> workers = new HashMap<>();
            for (int w = 0; w < 1 + i % 20; w++) {
                workers.put("w" + w, standing(random));
            }
            Standings standings = new Standings();
            workers.forEach(standings::put);
            Decision whole = round.decide(workers, i);
            Map<String, Fit> expected = new HashMap<>();
            whole.findings()
                    .forEach(
                            (worker, finding) -> {
                                if (finding.changed()) {
                                    expected.put(worker, finding.fit());
                                }
                            });
            assertEquals(new Changes(whole.targetSeconds(), expected), round.changes(standings, i));
            changed += expected.size();
        }
        assertTrue(changed > 10, "something changes: " + changed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hermes", "balanced"})
    void whoIsKeptInOrderAsTimesComeIsFoundAsIfAllWereNew(String method) {
        AllocationRound round =
                new AllocationRound(Settings.of(Map.of("method", method, "allocation", "true")));
        SplittableRandom random = new SplittableRandom(2);
        Standings kept = new Standings();
        Map<String, Standing> all = new HashMap<>();
        double target = Double.NaN;
        int changed = 0;
        for (int i = 0; i < 2_000; i++) {
            String worker = "w" + random.nextInt(12);
            Standing standing = standing(random);
            if (random.nextInt(20) == 0) {
                kept.remove(worker);
                all.remove(worker);
            } else {
                kept.put(worker, standing);
                all.put(worker, standing);
            }
            Standings anew = new Standings();
            all.forEach(anew::put);
            Map<String, Fit> expected = new HashMap<>(round.changes(anew, 0).fits());
            Changes found = round.changes(kept, 0);
            assertEquals(round.decide(all, 0).targetSeconds(), found.targetSeconds());
            if (found.targetSeconds() == target) {
                // Of the others it was found before.
                expected.keySet().retainAll(Set.of(worker));
            }
            assertEquals(expected, found.fits());
            target = found.targetSeconds();
            changed += found.fits().size();
        }
        assertTrue(changed > 100, "something changes: " + changed);
    }

    @Test
    void whoseTimesAreNoNumbersChangesNothing() {
        AllocationRound round =
                new AllocationRound(Settings.of(Map.of("method", "hermes", "allocation", "true")));
        Standings standings = new Standings();
        assertEquals(Map.of(), round.changes(standings, 0).fits());
        double none = Double.NaN;
        StepCost cost = new StepCost(none, none);
        standings.put("a", new Standing(none, none, none, cost, 64, 16, 5000, true));
        Changes changes = round.changes(standings, 0);
        assertEquals(Double.NaN, changes.targetSeconds());
        assertEquals(Map.of(), changes.fits());
    }

    private static Standing standing(SplittableRandom random) {
        double scale = random.nextInt(5) == 0 ? 20 : 1 + random.nextDouble();
        StepCost cost = new StepCost(0.005 * scale, 0.0002 * scale);
        int miniBatch = 16 << random.nextInt(3);
        int samples = miniBatch * (1 + random.nextInt(100));
        return new Standing(
                cost.iterationSeconds(1, samples, miniBatch),
                cost.iterationSeconds(1, 2500, 16),
                random.nextInt(3) == 0 ? 0 : 4 * random.nextDouble(),
                cost,
                samples,
                miniBatch,
                5000,
                random.nextInt(3) > 0);
    }
}
