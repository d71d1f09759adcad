package org.hermesml.operators;

import com.google.protobuf.Message;
import java.util.List;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.AccountEvent;
import org.hermesml.core.state.Membership;
import org.hermesml.core.state.MembershipChange;
import org.hermesml.core.state.ReceivedRecord;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.ShardEvent;
import org.hermesml.core.state.Ticket;

/** Every keyed function of the job in a host, with a record that it takes. */
final class Hosts {
    static final List<String> NAMES =
            List.of("slices", "account", "admission", "log", "merge", "publish", "allocation");

    /** Those that are the first to ask for the run of a record that somebody sent. */
    static final List<String> FIRST = List.of("slices", "account", "log");

    /** Those that get what has passed one of the others. */
    static final List<String> LATER = List.of("admission", "merge", "publish", "allocation");

    /** A function, its host, and a record that leaves something in its state. */
    record Hosted<T extends Message>(FunctionHost<T, ?> host, T record) {
        List<?> feed() throws Exception {
            return host.feed(record);
        }
    }

    static Hosted<?> of(String name, RunSpec spec, boolean restoreAlways) throws Exception {
        return switch (name) {
            case "slices" -> slices(spec, restoreAlways);
            case "account" -> new Hosted<>(account(restoreAlways), Fixtures.hello("a", 17));
            case "admission" ->
                    new Hosted<>(admission(() -> 0, restoreAlways), Events.of(ticket(spec)));
            case "log" -> new Hosted<>(log(restoreAlways), initialAdmitted());
            case "merge" -> new Hosted<>(merge(restoreAlways), firstSlice(spec));
            case "publish" -> new Hosted<>(publish(restoreAlways), joined());
            case "allocation" -> new Hosted<>(allocation(restoreAlways), joined());
            default -> throw new IllegalArgumentException(name);
        };
    }

    static Hosted<ReceivedRecord> slices(RunSpec spec) throws Exception {
        return slices(spec, false);
    }

    private static Hosted<ReceivedRecord> slices(RunSpec spec, boolean restoreAlways)
            throws Exception {
        return new Hosted<>(waiting(restoreAlways), Fixtures.received(firstSlice(spec).getSlice()));
    }

    static FunctionHost<ReceivedRecord, ShardEvent> waiting(boolean restoreAlways)
            throws Exception {
        return new FunctionHost<>(
                WaitingSlices::new, WaitingSlices::runOf, restoreAlways, SliceCheck.TICKETS);
    }

    static FunctionHost<AccountEvent, RunEvent> account(boolean restoreAlways) throws Exception {
        return new FunctionHost<>(
                () -> new LossWindowFunction("hermes.reports"),
                e -> Keys.worker(e.getRun(), e.getWorker()),
                restoreAlways);
    }

    static FunctionHost<RunEvent, Verdict> admission(
            AdmissionFunction.Lives lives, boolean restoreAlways) throws Exception {
        return new FunctionHost<>(
                () -> new AdmissionFunction(lives),
                RunEvent::getRun,
                restoreAlways,
                AdmissionFunction.FORGOTTEN);
    }

    static FunctionHost<Verdict, RunEvent> log(boolean restoreAlways) throws Exception {
        return new FunctionHost<>(
                VerdictLogFunction::new,
                Verdict::getRun,
                restoreAlways,
                VerdictLogFunction.TO_SHARDS,
                VerdictLogFunction.SETTLED);
    }

    static FunctionHost<ShardEvent, ModelSlice> merge(boolean restoreAlways) throws Exception {
        return new FunctionHost<>(
                MergeFunction::new, e -> Keys.shard(e.getRun(), e.getShard()), restoreAlways);
    }

    static FunctionHost<RunEvent, Directive> publish(boolean restoreAlways) throws Exception {
        return new FunctionHost<>(
                PublishFunction::new, RunEvent::getRun, restoreAlways, PublishFunction.ENDED);
    }

    static FunctionHost<RunEvent, Directive> allocation(boolean restoreAlways) throws Exception {
        return new FunctionHost<>(AllocationFunction::new, RunEvent::getRun, restoreAlways);
    }

    static Ticket ticket(RunSpec spec) {
        return Ticket.newBuilder()
                .setRun(spec.getRun())
                .setId(UpdateIds.of("a", 17, 1))
                .setForm(UpdateForm.WEIGHTS)
                .setSliceCount(2)
                .setCount(5)
                .build();
    }

    static Verdict initialAdmitted() {
        return Verdict.newBuilder()
                .setProtocol(1)
                .setRun(Fixtures.RUN)
                .setAdmitted(
                        Admitted.newBuilder().setId(UpdateIds.INITIAL).setKind(MergeKind.REPLACE))
                .build();
    }

    private static ShardEvent firstSlice(RunSpec spec) {
        var slice =
                Fixtures.slices(
                                spec,
                                UpdateIds.of("a", 17, 1),
                                UpdateForm.WEIGHTS,
                                new float[Fixtures.PARAMETERS])
                        .get(0);
        return ShardEvent.newBuilder()
                .setRun(slice.getRun())
                .setShard(slice.getShard())
                .setSlice(slice)
                .build();
    }

    static RunEvent joined() {
        return RunEvent.newBuilder()
                .setRun(Fixtures.RUN)
                .setMembership(
                        Membership.newBuilder()
                                .setRun(Fixtures.RUN)
                                .setWorker("a")
                                .setIncarnation(17)
                                .setChange(MembershipChange.JOINED)
                                .setHello(Hello.newBuilder().setDataMemoryBytes(1 << 20)))
                .build();
    }

    private Hosts() {}
}
