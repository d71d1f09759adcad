package org.hermesml.operators;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hermesml.core.Protocol;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.Goodbye;
import org.hermesml.core.message.Held;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.Ready;
import org.hermesml.core.message.Refused;
import org.hermesml.core.message.Released;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.Resumed;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.message.WorkerClock;
import org.hermesml.core.method.Methods;
import org.hermesml.core.settings.Settings;

/** One message of each kind that a run sees, as they should be. */
final class GoodMessages {
    /**
     * @param life of the server whose verdicts these are
     */
    static List<Message> of(RunSpec spec, long life) {
        List<Message> messages = new ArrayList<>(List.of(Fixtures.running(spec)));
        float[] values = new float[Fixtures.PARAMETERS];
        Arrays.fill(values, 0.25f);
        messages.add(report("a").setHello(Hello.newBuilder().setDataMemoryBytes(1 << 20)).build());
        messages.addAll(Fixtures.slices(spec, UpdateIds.INITIAL, UpdateForm.WEIGHTS, values));
        messages.addAll(Fixtures.slices(spec, UpdateIds.of("a", 100, 1), form(spec), values));
        messages.add(report("a").setIncarnation(100).setIteration(iteration(1, true)).build());
        messages.add(report("a").setIncarnation(100).setIteration(iteration(2, false)).build());
        messages.add(
                report("a")
                        .setIncarnation(100)
                        .setReady(Ready.newBuilder().setClock(3).setWants(true))
                        .build());
        messages.add(report("b").setGoodbye(Goodbye.newBuilder().setReason("done")).build());
        messages.add(Fixtures.score(0, 0.7, 0.4));
        messages.add(
                Fixtures.score(0, 0.7, 0.4).toBuilder()
                        .setUpdate(UpdateIds.of("a", 100, 1))
                        .build());
        UpdateId id = UpdateIds.of("a", 100, 1);
        for (Verdict.Builder verdict :
                List.of(
                        Verdict.newBuilder()
                                .setAdmitted(
                                        Admitted.newBuilder()
                                                .setId(id)
                                                .setKind(MergeKind.AVERAGE)
                                                .setCoefficient(0.5)),
                        Verdict.newBuilder().setHeld(Held.newBuilder().setId(id).setWeight(1)),
                        Verdict.newBuilder().setRefused(Refused.newBuilder().setId(id)),
                        Verdict.newBuilder()
                                .setRoundClosed(
                                        RoundClosed.newBuilder()
                                                .setKind(MergeKind.ADD)
                                                .setCoefficient(1)
                                                .setDivisor(1)),
                        Verdict.newBuilder().setEnd(RunEnd.newBuilder().setText("over")),
                        Verdict.newBuilder().setResumed(Resumed.getDefaultInstance()),
                        Verdict.newBuilder()
                                .setReleased(
                                        Released.newBuilder()
                                                .putWorkers(
                                                        "a",
                                                        WorkerClock.newBuilder()
                                                                .setIncarnation(100)
                                                                .setClock(3)
                                                                .build())))) {
            messages.add(
                    verdict.setProtocol(Protocol.VERSION)
                            .setRun(Fixtures.RUN)
                            .setLife(life)
                            .build());
        }
        return messages;
    }

    /** That the run's updates have. */
    static UpdateForm form(RunSpec spec) {
        return Methods.of(Settings.of(spec.getSettingsMap())).updateForm();
    }

    static Report.Builder report(String worker) {
        return Report.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setRun(Fixtures.RUN)
                .setWorker(worker);
    }

    static IterationReport iteration(long clock, boolean push) {
        return IterationReport.newBuilder()
                .setClock(clock)
                .setHeldOutLoss(0.5)
                .setHeldOutAccuracy(0.5)
                .setSeconds(0.1)
                .setSamples(100)
                .setMiniBatch(16)
                .setEpochs(1)
                .setBefore(PushState.getDefaultInstance())
                .setPush(push)
                .setSliceCount(2)
                .build();
    }

    static Report ready(String worker, long incarnation) {
        return report(worker)
                .setIncarnation(incarnation)
                .setReady(Ready.newBuilder().setClock(1).setWants(true))
                .build();
    }

    private GoodMessages() {}
}
