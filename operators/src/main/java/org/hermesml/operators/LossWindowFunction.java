package org.hermesml.operators;

import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.util.Collector;
import org.hermesml.core.account.Accounting;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.state.AccountEvent;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.WorkerAccount;

/**
 * Step `account`, key (run, worker): keeps each worker's loss window, threshold and last verdict,
 * and notices silence.
 */
public final class LossWindowFunction extends RunFunction<AccountEvent, Accounting, RunEvent> {
    private static final long serialVersionUID = 1;

    private final String topic;

    private transient ValueState<WorkerAccount> account;
    private transient WorkerMetrics metrics;

    /**
     * @param topic that reports come from
     */
    public LossWindowFunction(String topic) {
        super(ProtobufType.message(AccountEvent.class));
        this.topic = topic;
    }

    @Override
    public void open(OpenContext openContext) throws Exception {
        super.open(openContext);
        account = value("account", ProtobufType.message(WorkerAccount.class));
        metrics = new WorkerMetrics(getRuntimeContext().getMetricGroup());
    }

    @Override
    protected Accounting rule(RunSpec spec) {
        return new Accounting(spec);
    }

    @Override
    protected void handle(
            Accounting rule,
            RunRecord run,
            AccountEvent event,
            ReadOnlyContext context,
            Collector<RunEvent> out)
            throws Exception {
        long nowMs = context.currentProcessingTime();
        WorkerAccount before = account();
        Optional<Accounting.Outcome> made =
                made(() -> rule.apply(before, event, nowMs), known(event), context);
        if (made.isEmpty()) {
            return;
        }
        Accounting.Outcome outcome = made.get();
        finish(outcome, context, out);
        if (!outcome.refusal().isEmpty()) {
            refuse(known(event).setKind(outcome.kind()).setReason(outcome.refusal()), context);
        } else if (event.getReport().getReport().hasIteration()) {
            metrics.iteration(
                    event.getRun(),
                    event.getWorker(),
                    event.getReport().getReport().getIteration());
        }
    }

    @Override
    protected Optional<RefusedRecord.Builder> sent(AccountEvent event) {
        return event.hasReport() ? Optional.of(known(event)) : Optional.empty();
    }

    @Override
    protected boolean isToldWhenLate(AccountEvent event) {
        return event.getReport().getReport().getIteration().getPush();
    }

    private RefusedRecord.Builder known(AccountEvent event) {
        RefusedRecord.Builder known = RefusedRecord.newBuilder().setWorker(event.getWorker());
        if (event.hasReport()) {
            known.setTopic(topic).setAddress(event.getReport().getAddress());
        }
        return known;
    }

    @Override
    protected void onWake(
            Accounting rule, RunRecord run, OnTimerContext context, Collector<RunEvent> out)
            throws Exception {
        String worker = Keys.workerOf(context.getCurrentKey());
        long nowMs = context.currentProcessingTime();
        finish(rule.onClock(account(), worker, nowMs, servingSinceMs()), context, out);
    }

    private void finish(
            Accounting.Outcome outcome, ReadOnlyContext context, Collector<RunEvent> out)
            throws Exception {
        account.update(outcome.account());
        outcome.events().forEach(out::collect);
        wakeAt(outcome.wakeMs(), context);
    }

    private WorkerAccount account() throws Exception {
        WorkerAccount kept = account.value();
        return kept == null ? WorkerAccount.getDefaultInstance() : kept;
    }
}
