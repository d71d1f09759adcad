package org.hermesml.operators;

import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.hermesml.core.allocation.AllocationBook;
import org.hermesml.core.allocation.AllocationRule;
import org.hermesml.core.allocation.TrainingBlocks;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.RunEvent;

/** Step `allocate`, key run: training times in; blocks, samples, mini-batch and seed out. */
public final class AllocationFunction extends RunFunction<RunEvent, AllocationRule, Directive> {
    private static final long serialVersionUID = 1;

    private transient AllocationBooks books;
    private transient Counter allocations;

    public AllocationFunction() {
        super(ProtobufType.message(RunEvent.class));
    }

    @Override
    public void open(OpenContext openContext) throws Exception {
        super.open(openContext);
        books = new AllocationBooks(this);
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
        AllocationBook book = books.of(run.getRun());
        Optional<List<AllocationRule.Assigned>> made =
                made(
                        () -> rule.apply(book, event, context.currentProcessingTime()),
                        RefusedRecord.newBuilder(),
                        context);
        if (made.isEmpty()) {
            books.close(run.getRun());
            return;
        }
        books.write(book);
        for (AllocationRule.Assigned assigned : made.get()) {
            allocations.inc();
            out.collect(assigned.directive(run.getRun()));
        }
    }

    @Override
    protected void onForgotten(String run) {
        books.close(run);
    }
}
