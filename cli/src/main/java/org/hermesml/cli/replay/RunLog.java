package org.hermesml.cli.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.cli.run.JobReading;
import org.hermesml.cli.run.KafkaSite;
import org.hermesml.core.log.LogBook;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.VerdictLogState;
import org.hermesml.operators.Readers;

/**
 * The verdict log of one run.
 *
 * @param entries those that count, in log order
 * @param state after the last of them
 */
public record RunLog(List<NumberedVerdict> entries, VerdictLogState state) {
    /** As it is now. */
    public static RunLog read(KafkaSite site, String run) {
        List<NumberedVerdict> entries = new ArrayList<>();
        LogBook log = new LogBook(VerdictLog.EMPTY);
        site.readToEnd(
                site.topics().verdicts(),
                record ->
                        verdict(record)
                                .filter(verdict -> verdict.getRun().equals(run))
                                .map(log::read)
                                .filter(entry -> !entry.getIgnored())
                                .ifPresent(entries::add));
        return new RunLog(List.copyOf(entries), log.state());
    }

    /** Empty for what the job refuses to read. */
    public static Optional<Verdict> verdict(ConsumerRecord<byte[], byte[]> record) {
        return JobReading.of(Readers::verdict, record);
    }

    /** The version that stands after all entries; -1 before the initial model. */
    public long version() {
        return VerdictLog.version(state);
    }
}
