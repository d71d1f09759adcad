package org.hermesml.operators;

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

    private transient ValueState<WorkerAccount> account;
    private transient WorkerMetrics metrics;

    public LossWindowFunction() {
        super(ProtobufType.message(AccountEvent.class));
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
        Accounting.Outcome outcome = rule.apply(account(), event, nowMs);
        finish(outcome, context, out);
        if (!outcome.refusal().isEmpty()) {
            refuse(
                    RefusedRecord.newBuilder()
                            .setWorker(event.getWorker())
                            .setAddress(event.getReport().getAddress())
                            .setReason(outcome.refusal()),
                    context);
        } else if (event.getReport().getReport().hasIteration()) {
            metrics.iteration(
                    event.getRun(),
                    event.getWorker(),
                    event.getReport().getReport().getIteration());
        }
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
