package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.Outcome;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.Refused;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.method.Methods;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.method.PushRule.Observation;
import org.hermesml.core.method.PushRule.PushStep;
import org.hermesml.core.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three worker processes and an evaluator train, and a fourth worker, which plays by every rule of
 * the wire, sends noise of a usual size and says that its loss is the best of all.
 */
class HostileIT {
    private static final String RUN = "attacked";
    private static final String LIAR = "liar";

    @TempDir Path dir;

    @Test
    void aLiarIsExpelledAndTheRunReachesItsTarget() throws Exception {
        try (SmallInstallation installation = SmallInstallation.start(dir, Duration.ofSeconds(5))) {
            attack(installation.bootstrap());
        }
    }

    private void attack(String bootstrap) throws Exception {
        Path conf = Files.createDirectories(dir.resolve("conf"));
        Files.writeString(
                conf.resolve("master.json"),
                "{\"bootstrap\": \"" + bootstrap + "\", \"flink\": \"http://localhost:1\"}");
        List<String> start = new ArrayList<>(List.of("start", "--run", RUN));
        start.addAll(List.of("--dataset", "digits", "--model", "mlp", "--max-time", "30m"));
        start.addAll(List.of("--target-accuracy", "0.97", "--conf", conf.toString()));
        for (String setting :
                List.of("samples=600", "held_out_samples=1000", "min_workers=4", "patience=1000")) {
            start.addAll(List.of("--set", setting));
        }
        Hermes.run(dir, start.toArray(String[]::new)).expect(0);
        List<Launched> devices = new ArrayList<>();
        try {
            devices.add(device(bootstrap, "evaluator-1", "--role", "evaluator"));
            for (int i = 1; i <= 3; i++) {
                devices.add(device(bootstrap, "worker-" + i, "--slowdown", "2"));
            }
            RecordedRun recorded = new RecordedRun(bootstrap, RUN);
            try (PlayedRun lying = new PlayedRun(bootstrap, recorded.spec())) {
                int admitted = lie(lying, recorded);
                assertTrue(admitted <= 2, admitted + " of the liar's updates were admitted");
                Patience.until(
                        "the run ends",
                        BadRecordsIT.MOST.multipliedBy(4),
                        () -> lying.record().getPhase() == RunPhase.ENDED);
                RunRecord end = lying.record();
                assertEquals(EndReason.TARGET, end.getEnd().getReason(), () -> "" + end.getEnd());
            }
            assertEquals(List.of(LIAR), expelled(recorded));
            Launched watched = Hermes.run(dir, "watch", RUN, "--conf", conf.toString());
            watched.expect(0);
            assertTrue(watched.out().contains("expelled"), watched::toString);
            assertTrue(watched.out().contains(LIAR), watched::toString);
        } finally {
            devices.forEach(Launched::close);
        }
    }

    private static List<String> expelled(RecordedRun recorded) throws Exception {
        return recorded.verdicts().stream()
                .map(Verdict::getRefused)
                .filter(Refused::getExpels)
                .map(refused -> refused.getId().getWorker())
                .distinct()
                .toList();
    }

    /** Pushes until it is expelled; returns how many of its updates were admitted. */
    private static int lie(PlayedRun run, RecordedRun recorded) throws Exception {
        SplittableRandom random = new SplittableRandom(11);
        PushRule rule = Methods.of(Settings.of(run.spec().getSettingsMap())).pushRule();
        long life = run.hello(LIAR);
        run.awaitModel();
        // Nobody is refused before two others were found honest.
        Patience.until(
                "two others have been taken",
                BadRecordsIT.MOST,
                () ->
                        recorded.verdicts().stream()
                                        .filter(Verdict::hasHeld)
                                        .map(verdict -> verdict.getHeld().getId().getWorker())
                                        .distinct()
                                        .count()
                                >= 2);
        PushState push = rule.start();
        int admitted = 0;
        double claimed = 2;
        for (long clock = 1; run.record().getPhase() == RunPhase.RUNNING; clock++) {
            claimed *= 0.8;
            PushState before = push;
            PushStep step = rule.observe(before, Observation.ofLoss(claimed));
            push = step.next();
            if (step.push()) {
                for (UpdateSlice slice :
                        run.slices(
                                UpdateIds.of(LIAR, life, clock),
                                UpdateForm.WEIGHTS,
                                parameter -> 0.1 * random.nextDouble() - 0.05)) {
                    run.send(slice);
                }
            }
            run.send(run.iteration(LIAR, life, clock, claimed, before, step).build());
            if (step.push()) {
                Outcome outcome = run.awaitOutcome(LIAR, life, clock);
                admitted += outcome.getAdmitted() ? 1 : 0;
                if (!outcome.getAdmitted() && expelled(recorded).contains(LIAR)) {
                    return admitted;
                }
                push = rule.pulled(push, outcome.getIterations());
            }
        }
        throw new AssertionError("the run was over before the liar was expelled");
    }

    private Launched device(String bootstrap, String id, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("--bootstrap", bootstrap, "--id", id));
        words.addAll(List.of(more));
        return Hermes.device(dir, id, words.toArray(String[]::new));
    }
}
