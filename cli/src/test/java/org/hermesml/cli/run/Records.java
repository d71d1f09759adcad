package org.hermesml.cli.run;

import com.google.protobuf.Message;
import org.hermesml.core.Protocol;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.ByteCounters;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.Goodbye;
import org.hermesml.core.message.Held;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.Refused;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;

/** Records of a run as the job, workers and evaluator write them. */
final class Records {
    static final String RUN = "digits-hermes-1";
    static final long START_MS = 1_000_000;

    static Seen at(double seconds, Message message) {
        return new Seen(START_MS + Math.round(seconds * 1000), 0, message);
    }

    static Seen running() {
        return at(
                0,
                RunRecord.newBuilder()
                        .setRun(RUN)
                        .setPhase(RunPhase.RUNNING)
                        .setSpec(spec())
                        .build());
    }

    static RunSpec spec() {
        return RunSpec.newBuilder()
                .setRun(RUN)
                .setDataset("digits")
                .setModel("mlp")
                .setParameterCount(109_386)
                .putAllSettings(Settings.defaults().toMap())
                .setCreatedMs(START_MS)
                .build();
    }

    static Seen hello(double seconds, String worker, long offset) {
        Report report =
                Report.newBuilder()
                        .setProtocol(Protocol.VERSION)
                        .setRun(RUN)
                        .setWorker(worker)
                        .setHello(Hello.newBuilder().setVersion("0.1"))
                        .build();
        return new Seen(START_MS + Math.round(seconds * 1000), offset, report);
    }

    static Seen iteration(
            double seconds, String worker, long incarnation, IterationReport.Builder report) {
        return at(
                seconds,
                Report.newBuilder()
                        .setRun(RUN)
                        .setWorker(worker)
                        .setIncarnation(incarnation)
                        .setIteration(report)
                        .build());
    }

    static IterationReport.Builder report(long clock, double loss, boolean push) {
        return IterationReport.newBuilder()
                .setClock(clock)
                .setHeldOutLoss(loss)
                .setZ(-1.5)
                .setThreshold(-1.3)
                .setPush(push)
                .setSamples(2500)
                .setMiniBatch(16)
                .setSeconds(1.25)
                .setBytes(
                        ByteCounters.newBuilder()
                                .setUpdatesUp(push ? clock * 1000 : 0)
                                .setModelsDown(clock * 10)
                                .setDataDown(500)
                                .setControl(clock * 2));
    }

    static Seen goodbye(double seconds, String worker, long incarnation, String reason) {
        return at(
                seconds,
                Report.newBuilder()
                        .setRun(RUN)
                        .setWorker(worker)
                        .setIncarnation(incarnation)
                        .setGoodbye(Goodbye.newBuilder().setReason(reason))
                        .build());
    }

    static Verdict.Builder verdict() {
        return Verdict.newBuilder().setProtocol(Protocol.VERSION).setRun(RUN);
    }

    static Seen initial(double seconds) {
        return at(
                seconds,
                verdict()
                        .setAdmitted(
                                Admitted.newBuilder()
                                        .setId(UpdateIds.INITIAL)
                                        .setKind(MergeKind.REPLACE)
                                        .setCoefficient(1))
                        .build());
    }

    static Seen admitted(double seconds, UpdateId id, double coefficient) {
        return at(
                seconds,
                verdict()
                        .setAdmitted(
                                Admitted.newBuilder()
                                        .setId(id)
                                        .setKind(MergeKind.AVERAGE)
                                        .setCoefficient(coefficient))
                        .build());
    }

    static Seen held(double seconds, UpdateId id, long round) {
        return at(
                seconds,
                verdict()
                        .setHeld(Held.newBuilder().setId(id).setRound(round).setWeight(1))
                        .build());
    }

    static Seen closed(double seconds, long round, int updates) {
        return at(
                seconds,
                verdict()
                        .setRoundClosed(
                                RoundClosed.newBuilder().setRound(round).setUpdates(updates))
                        .build());
    }

    static Seen refused(double seconds, UpdateId id, String reason) {
        return at(
                seconds,
                verdict().setRefused(Refused.newBuilder().setId(id).setReason(reason)).build());
    }

    static Seen expelled(double seconds, UpdateId id, String reason) {
        Refused.Builder refused = Refused.newBuilder().setId(id).setReason(reason).setExpels(true);
        return at(seconds, verdict().setRefused(refused).build());
    }

    static RunEnd target() {
        return RunEnd.newBuilder()
                .setReason(EndReason.TARGET)
                .setText("version 1 reached a held-out accuracy of 0.9710")
                .setBestVersion(1)
                .setBestLoss(0.09)
                .setBestAccuracy(0.971)
                .build();
    }

    static Seen end(double seconds) {
        return at(seconds, verdict().setEnd(target()).build());
    }

    static Seen ended(double seconds) {
        return at(
                seconds,
                RunRecord.newBuilder()
                        .setRun(RUN)
                        .setPhase(RunPhase.ENDED)
                        .setEnd(target())
                        .build());
    }

    static Seen stopDirective(double seconds) {
        return at(seconds, Directive.newBuilder().setRun(RUN).setStop(target()).build());
    }

    static Seen score(double seconds, long version, double loss, double accuracy) {
        return at(
                seconds,
                Score.newBuilder()
                        .setRun(RUN)
                        .setVersion(version)
                        .setLoss(loss)
                        .setAccuracy(accuracy)
                        .setSamples(2000)
                        .build());
    }

    static RunView view(Seen... seen) {
        RunView view = new RunView(RUN);
        for (Seen s : seen) {
            view.feed(s);
        }
        return view;
    }

    private Records() {}
}
