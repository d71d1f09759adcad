package org.hermesml.operators;

import java.io.Serializable;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.util.Collector;
import org.hermesml.core.admission.Admission;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.AdmissionState;
import org.hermesml.core.state.RunEvent;

/** Step `decide`, key run: writes verdicts to the log; never touches parameters. */
public final class AdmissionFunction extends RunFunction<RunEvent, Admission, Verdict> {
    private static final long serialVersionUID = 1;

    private final Lives lives;

    private transient ValueState<AdmissionState> state;
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
        state = value("admission", ProtobufType.message(AdmissionState.class));
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
        long wakeMs = apply(rule, event, nowMs, out);
        if (run.getPhase() == RunPhase.STOPPING) {
            // After the event: it may be the one since which the rule can end the run.
            wakeMs = apply(rule, Events.stopRequested(run.getRun()), nowMs, out);
        }
        wakeAt(wakeMs, context);
    }

    @Override
    protected void onWake(
            Admission rule, RunRecord run, OnTimerContext context, Collector<Verdict> out)
            throws Exception {
        wakeAt(
                apply(rule, Events.clockTick(run.getRun()), context.currentProcessingTime(), out),
                context);
    }

    @Override
    protected void onStopRequested(
            Admission rule, RunRecord run, Context context, Collector<Verdict> out)
            throws Exception {
        apply(rule, Events.stopRequested(run.getRun()), context.currentProcessingTime(), out);
    }

    private long apply(Admission rule, RunEvent event, long nowMs, Collector<Verdict> out)
            throws Exception {
        if (life != 0 && served.add(event.getRun())) {
            apply(rule, Events.resumed(event.getRun(), life), nowMs, out);
        }
        AdmissionState before = state.value();
        Admission.Outcome outcome =
                rule.apply(before == null ? Admission.empty() : before, event, nowMs);
        state.update(outcome.state());
        outcome.verdicts().forEach(out::collect);
        metrics.update(event, outcome.state());
        return outcome.wakeMs();
    }

    /** Where lives get their numbers. */
    @FunctionalInterface
    interface Lives extends Serializable {
        long next();
    }
}
