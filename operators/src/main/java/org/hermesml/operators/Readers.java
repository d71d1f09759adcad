package org.hermesml.operators;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.regex.Pattern;
import org.hermesml.core.Protocol;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.AccountEvent;
import org.hermesml.core.state.ReceivedRecord;
import org.hermesml.core.state.ReceivedReport;
import org.hermesml.core.state.RunEvent;

/** How the records of each topic are read and what is asked of all of them. */
public final class Readers {
    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /** A record without a value tells that the run was deleted. */
    public static RunRecord run(ReceivedRecord record) throws InvalidProtocolBufferException {
        if (record.getValue().isEmpty()) {
            return RunRecord.newBuilder().setRun(record.getKey().toStringUtf8()).build();
        }
        RunRecord run = RunRecord.parseFrom(record.getValue());
        check(run.getProtocol(), run.getRun());
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
