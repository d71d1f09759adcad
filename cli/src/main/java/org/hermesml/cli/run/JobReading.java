package org.hermesml.cli.run;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.core.check.Refusal;
import org.hermesml.job.ReceivedRecords;
import org.hermesml.operators.ListenFunction.Reader;

/** Reads records as the job reads them: what it refuses is no part of any run. */
public final class JobReading {
    /** Empty where the job refuses it, and says so in the topic of refused records. */
    public static <T> Optional<T> of(Reader<T> reader, ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(reader.read(ReceivedRecords.of(record)));
        } catch (Refusal e) {
            return Optional.empty();
        }
    }

    private JobReading() {}
}
