package org.hermesml.edge.evaluator;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.hermesml.core.Protocol;
import org.hermesml.core.defence.AuditPlan;
import org.hermesml.core.defence.AuditPlan.Audit;
import org.hermesml.core.defence.Defence;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.merge.SliceModel;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.ModelVersion;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.method.Method;
import org.hermesml.core.method.Methods;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.wire.Topics;
import org.hermesml.edge.ModelReader;
import org.hermesml.edge.RunData;
import org.hermesml.edge.RunEngine;
import org.hermesml.edge.kafka.Connection;
import org.hermesml.edge.kafka.RecordFetcher;
import org.hermesml.edge.kafka.RecordSender;
import org.hermesml.training.Engine;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.EngineTerms;
import org.hermesml.training.Samples;
import org.hermesml.training.data.HeldOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores one run: its newest version, skipping those that were overtaken while another was being
 * scored; where the method asks for it each update by itself; and where there is a defence those
 * updates that its {@link AuditPlan} names. One thread at a time.
 */
final class EvaluatedRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EvaluatedRun.class);

    private final String evaluator;
    private final String run;
    private final Topics topics;
    private final RecordSender sender;
    private final Engine engine;
    private final Samples heldOut;
    private final ModelReader versions;
    private final BestWriter best;
    private final PartialUpdates updates;
    private final boolean scoresUpdates;

    /** Nobody else can know what it draws. */
    private final SecureRandom draws = new SecureRandom();

    /** Which updates are measured to hold their reports against; null where none are. */
    private final AuditPlan audits;

    private final double learningRate;
    private final float[] weights;

    /** Version 0, from which `official` counts every update; null until it has been read. */
    private float[] initial;

    private ModelVersion first;
    private ModelVersion newest;
    private long scored = -1;
    private boolean stopped;

    EvaluatedRun(
            String evaluator,
            RunSpec spec,
            int threads,
            Connection connection,
            RecordFetcher fetcher,
            RecordSender sender) {
        this.evaluator = evaluator;
        this.run = spec.getRun();
        this.topics = connection.topics();
        this.sender = sender;
        Settings settings = Settings.of(spec.getSettingsMap());
        Method method = Methods.of(settings);
        this.scoresUpdates = method.scoresUpdates();
        this.audits =
                Defence.audits(settings, method) ? new AuditPlan(settings, draws.nextLong()) : null;
        this.learningRate = settings.get(Settings.LEARNING_RATE);
        // An evaluator's own traffic is no part of a run's accounts, which are those of its
        // workers.
        AtomicLong uncounted = new AtomicLong();
        RunData data = new RunData(topics.data(run), spec.getData(), fetcher, uncounted);
        this.heldOut = data.samples(spec.getData().getHeldOutList());
        this.best = new BestWriter(connection, sender, run, evaluator);
        this.engine =
                RunEngine.open(
                        data.model(), spec.getParameterCount(), EngineTerms.of(settings, threads));
        this.weights = new float[engine.parameterCount()];
        this.updates = new PartialUpdates(engine.parameterCount(), method.updateForm());
        this.versions =
                new ModelReader(
                        run, topics.models(run), engine.parameterCount(), fetcher, uncounted);
    }

    String run() {
        return run;
    }

    /** Whether it is to be given updates. */
    boolean scoresUpdates() {
        return scoresUpdates || audits != null;
    }

    /** Whether it is to be given reports. */
    boolean auditsReports() {
        return audits != null;
    }

    void take(Directive directive) {
        switch (directive.getContentCase()) {
            case MODEL -> take(directive.getModel());
            case OUTCOME -> take(directive.getOutcome().getModel());
            case STOP -> stopped = true;
            default -> {
                // For workers.
            }
        }
    }

    private void take(ModelVersion version) {
        if (version.getSlicesCount() == 0) {
            return;
        }
        if (version.getVersion() == 0) {
            first = version;
        }
        if (newest == null || version.getVersion() > newest.getVersion()) {
            newest = version;
        }
    }

    void take(UpdateSlice slice) {
        Optional<UpdateId> whole = updates.take(slice);
        if (audits != null) {
            whole.ifPresent(audits::complete);
        }
    }

    /** A report of a worker; of those that commit an update the loss is noted. */
    void take(Report report) {
        IterationReport iteration = report.getIteration();
        if (iteration.getPush()) {
            audits.claimed(
                    UpdateIds.of(report.getWorker(), report.getIncarnation(), iteration.getClock()),
                    iteration.getHeldOutLoss());
        }
    }

    /** Whether the job has said that this run is over; its last version is still scored. */
    boolean isDone() {
        return stopped && !hasWork();
    }

    boolean hasWork() {
        return hasVersion() || hasUpdate();
    }

    private boolean hasVersion() {
        return newest != null && newest.getVersion() > scored;
    }

    private boolean hasUpdate() {
        if (audits != null) {
            return !audits.isEmpty();
        }
        return updates.hasReady() && first != null;
    }

    /** Scores one thing, if there is one. */
    void step() {
        Optional<Audit> audit = audits == null ? Optional.empty() : audits.next(hasVersion());
        if (audit.isPresent()) {
            audit(audit.get());
        } else if (hasVersion()) {
            scoreVersion();
        } else if (audits == null && hasUpdate()) {
            scoreUpdate();
        }
    }

    private void audit(Audit audit) {
        UpdateId id = audit.id();
        if (updates.read(id, weights)) {
            engine.writeParameters(weights);
            Evaluation evaluation =
                    engine.evaluate(
                            audit.rough() ? HeldOut.quarter(heldOut, draws.nextLong()) : heldOut);
            audits.measured(audit, evaluation.loss());
            sendScore(id, evaluation);
        }
    }

    private void scoreVersion() {
        ModelVersion version = newest;
        List<ModelSlice> slices = versions.read(version, weights);
        engine.writeParameters(weights);
        Evaluation evaluation = engine.evaluate(heldOut);
        send(score(evaluation).setVersion(version.getVersion()));
        scored = version.getVersion();
        best.offer(slices, evaluation.loss(), evaluation.accuracy());
        LOG.info(
                "Run {} version {}: loss {}, accuracy {}",
                run,
                scored,
                evaluation.loss(),
                evaluation.accuracy());
    }

    private void scoreUpdate() {
        if (initial == null) {
            float[] read = new float[weights.length];
            versions.read(first, read);
            initial = read;
        }
        Optional<UpdateId> id = updates.next(weights);
        if (id.isEmpty()) {
            return;
        }
        SliceModel.descend(initial, weights, learningRate, weights);
        engine.writeParameters(weights);
        Evaluation evaluation = engine.evaluate(heldOut);
        sendScore(id.get(), evaluation);
    }

    private void sendScore(UpdateId id, Evaluation evaluation) {
        send(score(evaluation).setUpdate(id));
        LOG.info(
                "Run {} update {}: loss {}, accuracy {}",
                run,
                UpdateIds.print(id),
                evaluation.loss(),
                evaluation.accuracy());
    }

    private Score.Builder score(Evaluation evaluation) {
        return Score.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setRun(run)
                .setEvaluator(evaluator)
                .setLoss(evaluation.loss())
                .setAccuracy(evaluation.accuracy())
                .setSamples(evaluation.samples());
    }

    private void send(Score.Builder score) {
        sender.send(RecordSender.record(topics.scores(), run, score.build()));
    }

    @Override
    public void close() {
        engine.close();
    }
}
