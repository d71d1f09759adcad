package org.hermesml.cli.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.hermesml.cli.local.ChildProcess;
import org.hermesml.cli.local.TopicAdmin;
import org.hermesml.cli.run.EdgeProgram;
import org.hermesml.cli.run.EdgeTask;
import org.hermesml.cli.run.KafkaSite;
import org.hermesml.cli.run.RunChoice;
import org.hermesml.cli.run.RunDirectory;
import org.hermesml.cli.run.RunFailure;
import org.hermesml.cli.run.RunFiles;
import org.hermesml.cli.run.SettingsJson;
import org.hermesml.core.BuiltIns;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.settings.Settings;

/**
 * Runs that are really trained, one after the other, by one worker process and one evaluator that
 * take part in all of them. One thread.
 */
final class TrainedRuns implements AutoCloseable {
    static final String WORKER = "worker";
    private static final Duration ENDS_WITHIN = Duration.ofMinutes(4);

    private final SoakPlan plan;
    private final KafkaSite site;
    private final EdgeProgram program;
    private final ChildProcess evaluator;
    private final ChildProcess worker;

    /** Starts the two devices. */
    TrainedRuns(SoakPlan plan, KafkaSite site) {
        this.plan = plan;
        this.site = site;
        this.program = new EdgeProgram(plan.home(), plan.out().resolve("logs"));
        this.evaluator = program.evaluator(site, "evaluator").start();
        this.worker = program.worker(site, WORKER).start();
    }

    List<ChildProcess> devices() {
        return List.of(evaluator, worker);
    }

    /**
     * One run, for {@code length}; returns when it is deleted.
     *
     * @throws RunFailure when it does not come about
     */
    void live(String run, Duration length) throws InterruptedException {
        Map<String, String> settings = new HashMap<>();
        settings.put(Settings.TARGET_ACCURACY.key(), "1.1");
        settings.put(Settings.PATIENCE.key(), "1000000");
        settings.put(Settings.MAX_TIME.key(), length.toSeconds() + "s");
        settings.put(Settings.MIN_WORKERS.key(), "1");
        settings.put(Settings.SAMPLES.key(), "600");
        settings.put(Settings.HELD_OUT_SAMPLES.key(), "300");
        settings.put(Settings.TRAINING_SAMPLES.key(), "3000");
        RunChoice choice =
                new RunChoice(BuiltIns.DIGITS, null, BuiltIns.MLP, Settings.of(settings));
        Path file = plan.data().resolve(run + ".json");
        try {
            RunFiles.writeJson(file, SettingsJson.of(choice.settings()));
        } catch (IOException e) {
            throw new RunFailure("The settings cannot be written: " + e.getMessage() + ".", e);
        }
        try (TopicAdmin admin = TopicAdmin.connect(site.bootstrap())) {
            admin.create(site.topics().ofRun(run));
        }
        EdgeTask.start(program.publish(site, run, choice, file, List.of(WORKER), null)).await();
        RunDirectory directory = new RunDirectory(site);
        long patience = System.nanoTime() + length.plus(ENDS_WITHIN).toNanos();
        while (directory.find(run).getPhase() != RunPhase.ENDED) {
            if (System.nanoTime() - patience > 0) {
                throw new RunFailure("Run " + run + " has not ended after its time.");
            }
            TimeUnit.SECONDS.sleep(1);
        }
        directory.delete(run);
    }

    @Override
    public void close() {
        worker.close();
        evaluator.close();
    }
}
