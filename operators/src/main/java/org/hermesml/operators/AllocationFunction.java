package org.hermesml.operators;

import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.hermesml.core.allocation.AllocationRule;
import org.hermesml.core.allocation.TrainingBlocks;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AllocationState;
import org.hermesml.core.state.RunEvent;

/** Step `allocate`, key run: training times in; blocks, samples, mini-batch and seed out. */
public final class AllocationFunction extends RunFunction<RunEvent, AllocationRule, Directive> {
    private static final long serialVersionUID = 1;

    private transient ValueState<AllocationState> state;
    private transient Counter allocations;

    public AllocationFunction() {
        super(ProtobufType.message(RunEvent.class));
    }

    @Override
    public void open(OpenContext openContext) throws Exception {
        super.open(openContext);
        state = value("allocation", ProtobufType.message(AllocationState.class));
        allocations = getRuntimeContext().getMetricGroup().counter("allocations");
    }

    @Override
    protected AllocationRule rule(RunSpec spec) {
        return new AllocationRule(
                Settings.of(spec.getSettingsMap()), TrainingBlocks.of(spec.getData()));
    }

    @Override
    protected void handle(
            AllocationRule rule,
            RunRecord run,
            RunEvent event,
            ReadOnlyContext context,
            Collector<Directive> out)
            throws Exception {
        AllocationState kept = state.value();
        AllocationState before = kept == null ? AllocationState.getDefaultInstance() : kept;
        Optional<AllocationRule.Outcome> made =
                made(
                        () -> rule.apply(before, event, context.currentProcessingTime()),
                        RefusedRecord.newBuilder(),
                        context);
        if (made.isEmpty()) {
            return;
        }
        AllocationRule.Outcome outcome = made.get();
        state.update(outcome.state());
        for (AllocationRule.Assigned assigned : outcome.assigned()) {
            allocations.inc();
            out.collect(assigned.directive(run.getRun()));
        }
    }
}
