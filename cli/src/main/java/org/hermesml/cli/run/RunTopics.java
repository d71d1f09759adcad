package org.hermesml.cli.run;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.core.check.ReportCheck;
import org.hermesml.core.check.ScoreCheck;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.wire.Topics;

/**
 * The topics that tell of a run, and which of their records do. Slices and samples are not read:
 * reports count them.
 */
final class RunTopics {
    private final Map<String, Parser<? extends Message>> parsers = new LinkedHashMap<>();
    private final String directives;
    private final String refused;
    private final byte[] key;
    private final byte[] keyPrefix;

    RunTopics(Topics topics, String run) {
        refused = topics.refused();
        directives = topics.directives(run);
        parsers.put(topics.runs(), RunRecord.parser());
        parsers.put(topics.reports(), Report.parser());
        parsers.put(topics.verdicts(), Verdict.parser());
        parsers.put(topics.scores(), Score.parser());
        parsers.put(topics.refused(), RefusedRecord.parser());
        parsers.put(directives, Directive.parser());
        key = run.getBytes(StandardCharsets.UTF_8);
        keyPrefix = (run + "/").getBytes(StandardCharsets.UTF_8);
    }

    Iterable<String> names() {
        return parsers.keySet();
    }

    /**
     * Empty for records of other runs, deletions, and what is no record of ours. What was refused
     * and names no run may be of any.
     */
    Optional<Seen> read(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null
                || !record.topic().equals(directives)
                        && !isOfRun(record.key())
                        && !(record.topic().equals(refused) && isOfNone(record.key()))) {
            return Optional.empty();
        }
        try {
            Message message = parsers.get(record.topic()).parseFrom(record.value());
            if (!canBe(message)) {
                return Optional.empty();
            }
            return Optional.of(new Seen(record.timestamp(), record.offset(), message));
        } catch (InvalidProtocolBufferException e) {
            // the job refuses it and says so in the topic of refused records, which is shown
            return Optional.empty();
        }
    }

    /** Likewise told by the job: what it does not take is no part of the run. */
    private static boolean canBe(Message message) {
        if (message instanceof Report report) {
            return ReportCheck.fault(report).isEmpty();
        }
        return !(message instanceof Score score) || ScoreCheck.fault(score).isEmpty();
    }

    private static boolean isOfNone(byte[] found) {
        return found == null || found.length == 0;
    }

    private boolean isOfRun(byte[] found) {
        return found != null
                && (Arrays.equals(found, key)
                        || found.length > keyPrefix.length
                                && Arrays.equals(
                                        found,
                                        0,
                                        keyPrefix.length,
                                        keyPrefix,
                                        0,
                                        keyPrefix.length));
    }
}
