package org.hermesml.edge.worker;

import java.util.Optional;
import org.hermesml.core.message.Activity;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.ModelVersion;
import org.hermesml.core.message.Outcome;
import org.hermesml.core.message.Release;
import org.hermesml.core.method.PushRule;
import org.hermesml.edge.ModelReader;
import org.hermesml.edge.worker.LocalTraining.Iterated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The iterations of one incarnation, each with its report and, where it pushes, with what became of
 * that: from the first allocation to the end of the run. One thread at a time.
 */
final class TrainingLoop {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingLoop.class);

    /** How long an iteration waits for blocks before it looks whether the run is over. */
    private static final long LOOK_MS = 500;

    private final String run;
    private final LocalTraining training;
    private final ModelReader versions;
    private final Inbox inbox;
    private final JobAnswers answers;
    private final ReportSender reports;
    private final SignsOfLife signs;

    TrainingLoop(
            String run,
            LocalTraining training,
            ModelReader versions,
            Inbox inbox,
            JobAnswers answers,
            ReportSender reports,
            SignsOfLife signs) {
        this.run = run;
        this.training = training;
        this.versions = versions;
        this.inbox = inbox;
        this.answers = answers;
        this.reports = reports;
        this.signs = signs;
    }

    /** Returns when the run is over for this worker. */
    void run() throws InterruptedException {
        signs.doing(Activity.WAITING, 0);
        while (!answers.await(
                () -> inbox.allocation().isPresent() && inbox.newest().isPresent(), 10_000)) {
            if (answers.isOver()) {
                return;
            }
            LOG.info(
                    "Waiting for the first allocation and model of run {}; is the job running?",
                    run);
        }
        if (!training.begin(inbox.begin())) {
            training.pull(versions, inbox.newest().orElseThrow(), 0);
        }
        while (!answers.isOver()) {
            Allocation allocation = inbox.allocation().orElseThrow();
            Optional<Iterated> done = training.iterate(allocation, LOOK_MS, answers::isOver);
            if (done.isPresent()) {
                finish(done.get());
            }
        }
    }

    private void finish(Iterated done) throws InterruptedException {
        boolean pushes = done.step().push();
        if (done.step().wish().waitsForRelease()) {
            Optional<Release> release = ask(done);
            if (release.isEmpty()) {
                return;
            }
            pushes = release.get().getPush();
        }
        IterationReport report = training.report(done, pushes);
        if (pushes) {
            training.save(true);
        }
        reports.iteration(report);
        signs.said();
        if (pushes) {
            settle(report);
        } else {
            training.save(false);
        }
    }

    /** Asks whether to push; empty when the run is over. */
    private Optional<Release> ask(Iterated done) throws InterruptedException {
        long clock = done.clock();
        Runnable question = () -> reports.ready(clock, done.step().wish() == PushRule.Wish.ASK);
        question.run();
        answers.await(() -> inbox.release(clock).isPresent(), question, clock);
        return inbox.release(clock);
    }

    /** Waits for the outcome of a push, and takes the model that it leads to. */
    private void settle(IterationReport pushed) throws InterruptedException {
        long clock = pushed.getClock();
        if (!answers.await(
                () -> inbox.outcome(clock).isPresent(), () -> reports.iteration(pushed), clock)) {
            return;
        }
        Outcome outcome = inbox.outcome(clock).orElseThrow();
        if (!outcome.getAdmitted()) {
            LOG.warn("Push of iteration {} refused: {}", clock, outcome.getReason());
        }
        ModelVersion newest = inbox.newest().orElseThrow();
        training.pull(versions, newest, outcome.getIterations());
    }
}
