package org.hermesml.cli.soak;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.hermesml.cli.local.ChildProcess;
import org.hermesml.cli.local.TopicAdmin;
import org.hermesml.cli.proof.LastingRun;
import org.hermesml.cli.proof.Proof;
import org.hermesml.cli.run.EdgeProgram;
import org.hermesml.cli.run.KafkaSite;
import org.hermesml.cli.run.RunChoice;
import org.hermesml.cli.run.RunDirectory;
import org.hermesml.cli.run.RunFailure;
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

    private final Proof proof;
    private final KafkaSite site;
    private final EdgeProgram program;
    private final ChildProcess evaluator;
    private final ChildProcess worker;

    /** Starts the two devices. */
    TrainedRuns(SoakPlan plan, KafkaSite site) {
        this.proof = plan.proof();
        this.site = site;
        this.program = new EdgeProgram(plan.home(), proof.logs());
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
        RunChoice choice =
                new RunChoice(BuiltIns.DIGITS, null, BuiltIns.MLP, Settings.of(Map.of()));
        try (TopicAdmin admin = TopicAdmin.connect(site.bootstrap())) {
            admin.create(site.topics().ofRun(run));
        }
        LastingRun.of(choice, 1, length).publish(program, site, run, proof.data(), List.of(WORKER));
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
