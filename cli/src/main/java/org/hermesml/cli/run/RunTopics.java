package org.hermesml.cli.run;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.wire.Topics;
import org.hermesml.operators.Readers;

/**
 * The topics that tell of a run, and which of their records do. Slices and samples are not read:
 * reports count them.
 */
final class RunTopics {
    /** Reads the message of a record; empty where the job does not take it. */
    private interface Reading {
        Optional<? extends Message> read(ConsumerRecord<byte[], byte[]> record)
                throws InvalidProtocolBufferException;
    }

    private final Map<String, Reading> readings = new LinkedHashMap<>();
    private final String directives;
    private final String refused;
    private final byte[] key;
    private final byte[] keyPrefix;

    RunTopics(Topics topics, String run) {
        refused = topics.refused();
        directives = topics.directives(run);
        readings.put(topics.runs(), record -> JobReading.of(Readers::run, record));
        readings.put(
                topics.reports(),
                record ->
                        JobReading.of(Readers::report, record)
                                .map(event -> event.getReport().getReport()));
        readings.put(topics.verdicts(), record -> JobReading.of(Readers::verdict, record));
        readings.put(
                topics.scores(),
                record -> JobReading.of(Readers::score, record).map(RunEvent::getScore));
        readings.put(refused, record -> Optional.of(RefusedRecord.parseFrom(record.value())));
        readings.put(directives, record -> Optional.of(Directive.parseFrom(record.value())));
        key = run.getBytes(StandardCharsets.UTF_8);
        keyPrefix = (run + "/").getBytes(StandardCharsets.UTF_8);
    }

    Iterable<String> names() {
        return readings.keySet();
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
            return readings.get(record.topic())
                    .read(record)
                    .map(message -> new Seen(record.timestamp(), record.offset(), message));
        } catch (InvalidProtocolBufferException e) {
            // not written by the job, whose topics these are
            return Optional.empty();
        }
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
