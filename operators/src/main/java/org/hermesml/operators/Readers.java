package org.hermesml.operators;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.regex.Pattern;
import org.hermesml.core.InputException;
import org.hermesml.core.Protocol;
import org.hermesml.core.account.Accounting;
import org.hermesml.core.admission.Admission;
import org.hermesml.core.allocation.AllocationRule;
import org.hermesml.core.allocation.TrainingBlocks;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AccountEvent;
import org.hermesml.core.state.ReceivedRecord;
import org.hermesml.core.state.ReceivedReport;
import org.hermesml.core.state.RunEvent;

/** How the records of each topic are read and what is asked of all of them. */
public final class Readers {
    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /**
     * A record without a value tells that the run was deleted. A specification that the rules
     * cannot work by is refused here: in an operator it would end the job, for all runs, again and
     * again.
     */
    public static RunRecord run(ReceivedRecord record) throws InvalidProtocolBufferException {
        if (record.getValue().isEmpty()) {
            return RunRecord.newBuilder().setRun(record.getKey().toStringUtf8()).build();
        }
        RunRecord run = RunRecord.parseFrom(record.getValue());
        check(run.getProtocol(), run.getRun());
        switch (run.getPhase()) {
            case RUNNING, STOPPING -> check(run.getSpec(), run.getRun());
            case ENDED -> {}
            default ->
                    throw new IllegalArgumentException(
                            "the record of run " + run.getRun() + " names no phase known here");
        }
        return run;
    }

    public static AccountEvent report(ReceivedRecord record) throws InvalidProtocolBufferException {
        Report report = Report.parseFrom(record.getValue());
        check(report.getProtocol(), report.getRun());
        if (report.getWorker().isEmpty()) {
            throw new IllegalArgumentException("the report names no worker");
        }
        return AccountEvent.newBuilder()
                .setRun(report.getRun())
                .setWorker(report.getWorker())
                .setReport(
                        ReceivedReport.newBuilder()
                                .setReport(report)
                                .setAddress(record.getAddress()))
                .build();
    }

    public static RunEvent score(ReceivedRecord record) throws InvalidProtocolBufferException {
        Score score = Score.parseFrom(record.getValue());
        check(score.getProtocol(), score.getRun());
        return Events.of(score);
    }

    public static Verdict verdict(ReceivedRecord record) throws InvalidProtocolBufferException {
        Verdict verdict = Verdict.parseFrom(record.getValue());
        check(verdict.getProtocol(), verdict.getRun());
        return verdict;
    }

    private static void check(RunSpec spec, String run) {
        if (!spec.getRun().equals(run)) {
            throw new IllegalArgumentException(
                    "the record of run " + run + " specifies run '" + spec.getRun() + "'");
        }
        if (spec.getParameterCount() < 1 || spec.getParameterCount() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "run " + run + " has a model of " + spec.getParameterCount() + " parameters");
        }
        try {
            Settings settings = Settings.of(spec.getSettingsMap());
            new Accounting(spec);
            new Admission(spec);
            new AllocationRule(settings, TrainingBlocks.of(spec.getData()));
        } catch (InputException | ArithmeticException e) {
            throw new IllegalArgumentException("run " + run + ": " + e.getMessage(), e);
        }
    }

    static void check(int protocol, String run) {
        String fault = Protocol.fault(protocol);
        if (!fault.isEmpty()) {
            throw new IllegalArgumentException(fault);
        }
        if (!RUN.matcher(run).matches()) {
            throw new IllegalArgumentException("'" + run + "' is no run id");
        }
    }

    private Readers() {}
}
