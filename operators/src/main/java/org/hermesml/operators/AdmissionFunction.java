package org.hermesml.operators;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.hermesml.core.admission.Admission;
import org.hermesml.core.admission.AdmissionBook;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.ShardEvent;

/** Step `decide`, key run: writes verdicts to the log; never touches parameters. */
public final class AdmissionFunction extends RunFunction<RunEvent, Admission, Verdict> {
    private static final long serialVersionUID = 1;

    /** Updates that no verdict will name, for each of their shards. */
    public static final OutputTag<ShardEvent> FORGOTTEN =
            new OutputTag<>("forgotten", ProtobufType.message(ShardEvent.class));

    private final Lives lives;

    private transient AdmissionBooks books;
    private transient Set<String> served;
    private transient long life;
    private transient RunMetrics metrics;

    public AdmissionFunction() {
        this(System::currentTimeMillis);
    }

    /**
     * @param lives numbers the life of a function when it is opened: greater than that of any
     *     function before it that may have written to the log; 0 for a host that never loses state
     */
    AdmissionFunction(Lives lives) {
        super(ProtobufType.message(RunEvent.class));
        this.lives = lives;
    }

    @Override
    public void open(OpenContext openContext) throws Exception {
        super.open(openContext);
        served = new HashSet<>();
        life = lives.next();
        books = new AdmissionBooks(this);
        metrics = new RunMetrics(getRuntimeContext().getMetricGroup());
    }

    @Override
    protected Admission rule(RunSpec spec) {
        return new Admission(spec);
    }

    @Override
    protected void handle(
            Admission rule,
            RunRecord run,
            RunEvent event,
            ReadOnlyContext context,
            Collector<Verdict> out)
            throws Exception {
        long nowMs = context.currentProcessingTime();
        resume(rule, event.getRun(), nowMs, out);
        AdmissionBook book = books.of(event.getRun());
        Optional<Admission.Outcome> made =
                isOfTheLog(event)
                        ? Optional.of(rule.apply(book, event, nowMs))
                        : made(() -> rule.apply(book, event, nowMs), known(event), context);
        if (made.isEmpty()) {
            books.close(event.getRun());
            return;
        }
        finish(book, made.get(), event, out);
        forget(rule, run.getRun(), made.get().forgotten(), context);
        long wakeMs = made.get().wakeMs();
        if (run.getPhase() == RunPhase.STOPPING) {
            // After the event: it may be the one since which the rule can end the run.
            wakeMs = apply(rule, Events.stopRequested(run.getRun()), nowMs, out).wakeMs();
        }
        wakeAt(wakeMs, context);
    }

    /** Without an entry the state would no longer be what the log says. */
    private static boolean isOfTheLog(RunEvent event) {
        return event.hasVerdict();
    }

    @Override
    protected Optional<RefusedRecord.Builder> sent(RunEvent event) {
        return event.hasScore() ? Optional.of(known(event)) : Optional.empty();
    }

    private static RefusedRecord.Builder known(RunEvent event) {
        RefusedRecord.Builder known =
                Refusals.at(event.getFrom(), RefusalKind.REFUSAL_KIND_UNSPECIFIED, "");
        if (event.hasTicket()) {
            known.setWorker(event.getTicket().getId().getWorker()).setId(event.getTicket().getId());
        }
        return known;
    }

    private void forget(
            Admission rule, String run, List<Admission.Forgotten> all, ReadOnlyContext context) {
        for (Admission.Forgotten forgotten : all) {
            refuse(
                    Refusals.of(forgotten.kind(), forgotten.reason())
                            .setWorker(forgotten.id().getWorker())
                            .setId(forgotten.id()),
                    context);
            for (int shard = 0; shard < rule.shardCount(); shard++) {
                context.output(FORGOTTEN, Events.forgotten(run, shard, forgotten.id()));
            }
        }
    }

    @Override
    protected void onWake(
            Admission rule, RunRecord run, OnTimerContext context, Collector<Verdict> out)
            throws Exception {
        long nowMs = context.currentProcessingTime();
        Admission.Outcome outcome = apply(rule, Events.clockTick(run.getRun()), nowMs, out);
        forget(rule, run.getRun(), outcome.forgotten(), context);
        wakeAt(outcome.wakeMs(), context);
    }

    @Override
    protected void onStopRequested(
            Admission rule, RunRecord run, Context context, Collector<Verdict> out)
            throws Exception {
        apply(rule, Events.stopRequested(run.getRun()), context.currentProcessingTime(), out);
    }

    @Override
    protected void onForgotten(String run) {
        served.remove(run);
        books.close(run);
        metrics.ended(run);
    }

    private Admission.Outcome apply(
            Admission rule, RunEvent event, long nowMs, Collector<Verdict> out) throws Exception {
        resume(rule, event.getRun(), nowMs, out);
        AdmissionBook book = books.of(event.getRun());
        Admission.Outcome outcome = rule.apply(book, event, nowMs);
        finish(book, outcome, event, out);
        return outcome;
    }

    /** The first thing that this life of the server does for a run. */
    private void resume(Admission rule, String run, long nowMs, Collector<Verdict> out)
            throws Exception {
        if (life != 0 && served.add(run)) {
            apply(rule, Events.resumed(run, life), nowMs, out);
        }
    }

    private void finish(
            AdmissionBook book, Admission.Outcome outcome, RunEvent event, Collector<Verdict> out)
            throws Exception {
        books.write(book);
        outcome.verdicts().forEach(out::collect);
        metrics.update(event, book);
    }

    /** Where lives get their numbers. */
    @FunctionalInterface
    interface Lives extends Serializable {
        long next();
    }
}
