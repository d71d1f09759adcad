package org.hermesml.operators;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.hermesml.core.Protocol;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.publish.Publication;
import org.hermesml.core.state.PublishState;
import org.hermesml.core.state.RunEvent;

/**
 * Step `publish`, second half, key run: tells workers of versions whose slices are all
 * acknowledged.
 */
public final class PublishFunction extends RunFunction<RunEvent, RunSpec, Directive> {
    private static final long serialVersionUID = 1;

    /** Runs of which everything is published: everybody may forget them. */
    public static final OutputTag<RunRecord> ENDED =
            new OutputTag<>("ended", ProtobufType.message(RunRecord.class));

    private transient ValueState<PublishState> state;

    public PublishFunction() {
        super(ProtobufType.message(RunEvent.class));
    }

    @Override
    public void open(OpenContext openContext) throws Exception {
        super.open(openContext);
        state = value("publication", ProtobufType.message(PublishState.class));
    }

    @Override
    protected RunSpec rule(RunSpec spec) {
        return spec;
    }

    @Override
    protected void handle(
            RunSpec spec,
            RunRecord run,
            RunEvent event,
            ReadOnlyContext context,
            Collector<Directive> out)
            throws Exception {
        PublishState before = state.value();
        Publication.Step step =
                Publication.apply(
                        before == null ? PublishState.getDefaultInstance() : before, event);
        state.update(step.state());
        step.directives().forEach(out::collect);
        step.end()
                .ifPresent(
                        end ->
                                context.output(
                                        ENDED,
                                        RunRecord.newBuilder()
                                                .setProtocol(Protocol.VERSION)
                                                .setRun(run.getRun())
                                                .setSpec(spec)
                                                .setPhase(RunPhase.ENDED)
                                                .setEnd(end)
                                                .build()));
    }

    /**
     * A request to stop that crossed the run's end would hide that end for ever: it is said again.
     */
    @Override
    protected void onLateRecord(RunRecord ended, RunRecord late, Context context) {
        if (isFirstSubtask()) {
            context.output(ENDED, ended.toBuilder().setSpec(late.getSpec()).build());
        }
    }

    @Override
    protected void onAlteredRun(RunRecord altered, Context context) {
        if (isFirstSubtask()) {
            context.output(
                    Runs.REFUSED,
                    Refusals.of(
                                    RefusalKind.ALTERED_RUN,
                                    "the run is known with another specification")
                            .setRun(altered.getRun())
                            .build());
        }
    }

    /** All subtasks get the same records of runs; one of them is enough to answer. */
    private boolean isFirstSubtask() {
        return getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0;
    }
}
