package org.hermesml.operators;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import org.hermesml.core.Protocol;
import org.hermesml.core.check.Names;
import org.hermesml.core.check.Refusal;
import org.hermesml.core.check.ReportCheck;
import org.hermesml.core.check.ScoreCheck;
import org.hermesml.core.check.UpdateIdCheck;
import org.hermesml.core.check.VerdictCheck;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.server.SpecCheck;
import org.hermesml.core.state.AccountEvent;
import org.hermesml.core.state.ReceivedRecord;
import org.hermesml.core.state.ReceivedReport;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.wire.Topics;

/**
 * How the records of each topic are read and what is asked of all of them: that they are messages
 * of a protocol known here, lie under the key of whom they name, and say what can be. What depends
 * on their run is asked later. All throw {@link Refusal} where a record is not to be taken.
 */
public final class Readers {
    /** A record without a value tells that the run was deleted. */
    public static RunRecord run(ReceivedRecord record) {
        if (record.getNoValue()) {
            String run = record.getKey().toStringUtf8();
            checkRun(run);
            return RunRecord.newBuilder().setRun(run).build();
        }
        RunRecord run = parse(RunRecord.parser(), record);
        check(run.getProtocol(), run.getRun());
        checkKey(record, run.getRun());
        switch (run.getPhase()) {
            case RUNNING, STOPPING -> SpecCheck.check(run.getSpec(), run.getRun());
            case ENDED -> {}
            default ->
                    throw impossible(
                            "the record of run " + run.getRun() + " names no phase known here");
        }
        return run;
    }

    public static AccountEvent report(ReceivedRecord record) {
        Report report = parse(Report.parser(), record);
        check(report.getProtocol(), report.getRun());
        demand(ReportCheck.fault(report));
        checkKey(record, Topics.workerKey(report.getRun(), report.getWorker()));
        return AccountEvent.newBuilder()
                .setRun(report.getRun())
                .setWorker(report.getWorker())
                .setReport(
                        ReceivedReport.newBuilder()
                                .setReport(report)
                                .setAddress(record.getAddress()))
                .build();
    }

    public static RunEvent score(ReceivedRecord record) {
        Score score = parse(Score.parser(), record);
        check(score.getProtocol(), score.getRun());
        demand(ScoreCheck.fault(score));
        checkKey(record, score.getRun());
        return Events.of(score).toBuilder().setFrom(Refusals.from(record)).build();
    }

    public static Verdict verdict(ReceivedRecord record) {
        Verdict verdict = parse(Verdict.parser(), record);
        check(verdict.getProtocol(), verdict.getRun());
        demand(VerdictCheck.fault(verdict));
        checkKey(record, verdict.getRun());
        return verdict;
    }

    public static UpdateSlice slice(ReceivedRecord record) {
        UpdateSlice slice = parse(UpdateSlice.parser(), record);
        check(slice.getProtocol(), slice.getRun());
        demand(UpdateIdCheck.fault(slice.getId()));
        checkKey(record, Topics.workerKey(slice.getRun(), slice.getId().getWorker()));
        return slice;
    }

    /** Of key and value, as the counters of record bytes have them. */
    static long bytes(ReceivedRecord record) {
        return (long) record.getKey().size() + record.getValue().size();
    }

    /** How the reason goes on is protobuf's. */
    private static <M> M parse(Parser<M> parser, ReceivedRecord record) {
        try {
            return parser.parseFrom(record.getValue());
        } catch (InvalidProtocolBufferException e) {
            throw new Refusal(
                    RefusalKind.NO_MESSAGE, "no message of this topic: " + e.getMessage());
        }
    }

    private static void check(int protocol, String run) {
        String fault = Protocol.fault(protocol);
        if (!fault.isEmpty()) {
            throw new Refusal(RefusalKind.NEWER_PROTOCOL, fault);
        }
        checkRun(run);
    }

    private static void checkRun(String run) {
        if (!Names.isRun(run)) {
            throw impossible("'" + run + "' is no run id");
        }
    }

    /**
     * The key says which partition a record lies in, and order within a partition is what the rules
     * build on.
     */
    private static void checkKey(ReceivedRecord record, String expected) {
        if (!record.getKey().equals(ByteString.copyFromUtf8(expected))) {
            throw impossible("its key is not '" + expected + "'");
        }
    }

    private static void demand(String fault) {
        if (!fault.isEmpty()) {
            throw impossible(fault);
        }
    }

    private static Refusal impossible(String reason) {
        return new Refusal(RefusalKind.IMPOSSIBLE, reason);
    }

    private Readers() {}
}
