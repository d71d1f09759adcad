package org.hermesml.operators;

import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.function.ThrowingRunnable;
import org.hermesml.core.Protocol;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every keyed operator of the job does alike: it knows the runs, lets records of a run that it
 * does not know yet wait, bounded, keeps records of ended runs away from state, and forgets
 * everything of a run when it ends.
 *
 * @param <IN> records, keyed by something within a run
 * @param <R> the rule object, made once for each run from its RunSpec
 * @param <OUT> what the operator emits
 */
public abstract class RunFunction<IN extends Message, R, OUT>
        extends KeyedBroadcastProcessFunction<String, IN, RunRecord, OUT> {
    private static final long serialVersionUID = 1;

    /** The reason where a record comes too late. */
    static final String HAS_ENDED = "the run has ended";

    private static final Logger LOG = LoggerFactory.getLogger(RunFunction.class);
    private static final long UNKNOWN_RUN_WAIT_MS = 30_000;
    private static final long KNOWN_ELSEWHERE_WAIT_MS = 600_000;

    private final TypeInformation<IN> inputType;

    private transient RunStates states;
    private transient Map<String, R> rules;
    private transient WaitingRecords<IN> parked;
    private transient Wake wake;
    private transient long servingSinceMs;
    private transient Counter refusedRecords;
    private transient Counter lateRecords;
    private transient Counter droppedEvents;

    protected RunFunction(TypeInformation<IN> inputType) {
        this.inputType = inputType;
    }

    /** The rules of one run. */
    protected abstract R rule(RunSpec spec);

    /** A record of a run that is running, or asked to stop. */
    protected abstract void handle(
            R rule, RunRecord run, IN record, ReadOnlyContext context, Collector<OUT> out)
            throws Exception;

    /** The time asked for by {@link #wakeAt} has come. */
    protected void onWake(R rule, RunRecord run, OnTimerContext context, Collector<OUT> out)
            throws Exception {}

    /**
     * Somebody wrote of a run as if it had not ended. No key is set; called on every subtask.
     *
     * @param ended what is remembered of the run: all but its specification
     */
    protected void onLateRecord(RunRecord ended, RunRecord late, Context context)
            throws Exception {}

    /**
     * A run that is known was specified anew, otherwise: the first specification stays. No key is
     * set; called on every subtask.
     */
    protected void onAlteredRun(RunRecord altered, Context context) throws Exception {}

    /**
     * Where {@code record} is one that somebody sent, and not what another operator made: what is
     * known of it, should it be refused. What comes from another operator has passed one that knows
     * its run, and waits here for as long as it takes.
     */
    protected Optional<RefusedRecord.Builder> sent(IN record) throws Exception {
        return Optional.empty();
    }

    /** Whether who sent it is to be told that the run had ended. */
    protected boolean isToldWhenLate(IN record) {
        return false;
    }

    /** A person asked for the run's end. The key is set; timers cannot be. */
    protected void onStopRequested(R rule, RunRecord run, Context context, Collector<OUT> out)
            throws Exception {}

    /** The run has ended, or is deleted, and its state is cleared. Called on every subtask. */
    protected void onForgotten(String run) {}

    @Override
    public void open(OpenContext openContext) throws Exception {
        states = new RunStates(getRuntimeContext());
        rules = new HashMap<>();
        parked = WaitingRecords.of(inputType, states);
        servingSinceMs = 0;
        wake = new Wake(states);
        refusedRecords = getRuntimeContext().getMetricGroup().counter("refusedRecords");
        lateRecords = getRuntimeContext().getMetricGroup().counter("recordsOfEndedRuns");
        droppedEvents = getRuntimeContext().getMetricGroup().counter("eventsOfUnknownRuns");
    }

    @Override
    public final void processElement(IN record, ReadOnlyContext context, Collector<OUT> out)
            throws Exception {
        noteServing(context);
        RunRecord run =
                context.getBroadcastState(Runs.DIRECTORY).get(Keys.runOf(context.getCurrentKey()));
        if (run == null) {
            park(record, context);
        } else if (run.getPhase() == RunPhase.ENDED) {
            late(record, context);
        } else {
            if (!parked.isEmpty()) {
                unpark(run, context, out);
            }
            serve(run, record, context, out);
        }
    }

    @Override
    public final void onTimer(long timestamp, OnTimerContext context, Collector<OUT> out)
            throws Exception {
        noteServing(context);
        RunRecord run =
                context.getBroadcastState(Runs.DIRECTORY).get(Keys.runOf(context.getCurrentKey()));
        if (!parked.isEmpty()) {
            lookAgain(run, context, out);
        }
        if (wake.isDue(timestamp) && run != null && run.getPhase() != RunPhase.ENDED) {
            onWake(ruleOf(run), run, context, out);
        }
    }

    @Override
    public final void processBroadcastElement(RunRecord run, Context context, Collector<OUT> out)
            throws Exception {
        String id = run.getRun();
        BroadcastState<String, RunRecord> directory = context.getBroadcastState(Runs.DIRECTORY);
        RunRecord known = directory.get(id);
        rules.remove(id);
        switch (Runs.take(run, directory)) {
            // Asked to stop while it was ending, for instance.
            case LATE -> onLateRecord(known, run, context);
            case ALTERED -> onAlteredRun(run, context);
            case TAKEN -> {
                if (run.getPhase() == RunPhase.STOPPING) {
                    eachKeyOf(id, context, () -> onStopRequested(ruleOf(run), run, context, out));
                } else if (run.getPhase() != RunPhase.RUNNING) {
                    eachKeyOf(id, context, states::clear);
                    onForgotten(id);
                }
            }
        }
    }

    private void eachKeyOf(String run, Context context, ThrowingRunnable<Exception> action)
            throws Exception {
        context.applyToKeyedState(
                RunStates.PRESENT,
                (key, here) -> {
                    if (Keys.runOf((String) key).equals(run)) {
                        action.run();
                    }
                });
    }

    /** Asks for one call of {@link #onWake} at {@code timeMs}, in place of any asked for before. */
    protected final void wakeAt(long timeMs, ReadOnlyContext context) throws Exception {
        wake.at(timeMs, context.timerService());
    }

    /** State that is forgotten when its run ends. */
    protected final <T> ValueState<T> value(String name, TypeInformation<T> type) {
        return states.value(name, type);
    }

    /** State that is forgotten when its run ends. */
    protected final <K, V> MapState<K, V> map(
            String name, TypeInformation<K> key, TypeInformation<V> value) {
        return states.map(name, key, value);
    }

    /**
     * Since when this subtask has listened without a break, on the clock of processing time:
     * deadlines start anew after a restore, for time in which nobody listened is nobody's silence.
     */
    protected final long servingSinceMs() {
        return servingSinceMs;
    }

    protected final void refuse(RefusedRecord.Builder refused, ReadOnlyContext context) {
        refusedRecords.inc();
        context.output(
                Runs.REFUSED,
                refused.setProtocol(Protocol.VERSION)
                        .setRun(Keys.runOf(context.getCurrentKey()))
                        .build());
    }

    /**
     * What a rule makes of a record that somebody sent, or of what follows from one; empty where
     * the rule fails on it. That is a fault of ours, but no reason to end the work of all runs:
     * what fails once would fail again after each restart.
     */
    protected final <T> Optional<T> made(
            Supplier<T> rule, RefusedRecord.Builder of, ReadOnlyContext context) {
        try {
            return Optional.of(rule.get());
        } catch (RuntimeException e) {
            LOG.error("The rules failed on a record of {}", context.getCurrentKey(), e);
            refuse(
                    of.setKind(RefusalKind.RULES_FAILED)
                            .setReason("the server's rules failed on it: " + e),
                    context);
            return Optional.empty();
        }
    }

    private void serve(RunRecord run, IN record, ReadOnlyContext context, Collector<OUT> out)
            throws Exception {
        states.markPresent();
        handle(ruleOf(run), run, record, context, out);
    }

    private R ruleOf(RunRecord run) {
        return rules.computeIfAbsent(run.getRun(), id -> rule(run.getSpec()));
    }

    // ---- records of a run that is not known yet

    private void park(IN record, ReadOnlyContext context) throws Exception {
        // What the operators before this one have let pass is bounded by what they let wait.
        if (sent(record).isPresent() && !parked.hasRoomFor(record)) {
            refuseUnknown(
                    record,
                    context,
                    RefusalKind.TOO_MANY,
                    "too many records wait for this run to become known");
            return;
        }
        boolean first = parked.isEmpty();
        parked.add(record, context.currentProcessingTime());
        if (first) {
            lookAgainLater(context);
        }
    }

    private void lookAgain(RunRecord run, OnTimerContext context, Collector<OUT> out)
            throws Exception {
        long waitedMs = waitedMs(context);
        if (run != null) {
            unpark(run, context, out);
        } else if (waitedMs >= UNKNOWN_RUN_WAIT_MS) {
            giveUp(waitedMs >= KNOWN_ELSEWHERE_WAIT_MS, context);
        } else {
            lookAgainLater(context);
        }
    }

    /** Records that somebody sent wait no longer; events of other operators only if {@code all}. */
    private void giveUp(boolean all, OnTimerContext context) throws Exception {
        long sinceMs = parked.sinceMs();
        for (IN record : parked.take()) {
            if (sent(record).isPresent()) {
                refuseUnknown(
                        record,
                        context,
                        RefusalKind.UNKNOWN_RUN,
                        "no such run became known within " + UNKNOWN_RUN_WAIT_MS / 1000 + " s");
            } else if (all) {
                droppedEvents.inc();
            } else {
                parked.add(record, sinceMs);
            }
        }
        if (!parked.isEmpty()) {
            lookAgainLater(context);
        }
    }

    private void unpark(RunRecord run, ReadOnlyContext context, Collector<OUT> out)
            throws Exception {
        for (IN record : parked.take()) {
            if (run.getPhase() == RunPhase.ENDED) {
                late(record, context);
            } else {
                serve(run, record, context, out);
            }
        }
    }

    private void late(IN record, ReadOnlyContext context) throws Exception {
        lateRecords.inc();
        if (isToldWhenLate(record)) {
            sent(record)
                    .ifPresent(
                            known ->
                                    refuse(
                                            known.setKind(RefusalKind.ENDED_RUN)
                                                    .setReason(HAS_ENDED),
                                            context));
        }
    }

    /**
     * After a restore the wait starts anew: the record of the run may lie behind the checkpoint,
     * unread, while all the time since was spent without anybody to read it.
     */
    private void noteServing(ReadOnlyContext context) {
        if (servingSinceMs == 0) {
            servingSinceMs = context.currentProcessingTime();
        }
    }

    private void lookAgainLater(ReadOnlyContext context) throws Exception {
        context.timerService()
                .registerProcessingTimeTimer(
                        context.currentProcessingTime()
                                + WaitingRecords.pauseMs(waitedMs(context)));
    }

    private long waitedMs(ReadOnlyContext context) throws Exception {
        return context.currentProcessingTime() - Math.max(parked.sinceMs(), servingSinceMs);
    }

    private void refuseUnknown(IN record, ReadOnlyContext context, RefusalKind kind, String reason)
            throws Exception {
        refuse(sent(record).orElseThrow().setKind(kind).setReason(reason), context);
    }
}
