package org.hermesml.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.hermesml.core.message.Directive;
import org.hermesml.core.wire.Topics;

/**
 * Writes directives to the topics of their runs, at least once; those of a topic that is gone are
 * dropped and counted. Has nothing to commit, but a committer all the same: the sink that was here
 * before had one, and savepoints know its state.
 */
final class DirectiveSink implements Sink<Directive>, SupportsCommitter<byte[]> {
    private static final long serialVersionUID = 1;

    private final String bootstrap;
    private final String topicPrefix;

    DirectiveSink(String bootstrap, Topics topics) {
        this.bootstrap = bootstrap;
        this.topicPrefix = topics.prefix();
    }

    @Override
    public Writer createWriter(WriterInitContext context) {
        return new Writer(
                new RunTopicProducer(bootstrap),
                new Topics(topicPrefix),
                context.metricGroup().counter("droppedDirectives"));
    }

    @Override
    public Committer<byte[]> createCommitter(CommitterInitContext context) {
        return new Committer<>() {
            @Override
            public void commit(Collection<CommitRequest<byte[]>> nothing) {}

            @Override
            public void close() {}
        };
    }

    @Override
    public SimpleVersionedSerializer<byte[]> getCommittableSerializer() {
        return new Bytes();
    }

    /** One thread calls it; the producer answers from others. */
    static final class Writer implements CommittingSinkWriter<Directive, byte[]> {
        private static final long LOOK_MS = 2;

        private final RunTopicProducer producer;
        private final Topics topics;
        private final Counter dropped;
        private volatile Exception fault;

        Writer(RunTopicProducer producer, Topics topics, Counter dropped) {
            this.producer = producer;
            this.topics = topics;
            this.dropped = dropped;
        }

        @Override
        public void write(Directive directive, Context context) throws IOException {
            throwFault();
            producer.send(
                    new ProducerRecord<>(
                            topics.directives(directive.getRun()),
                            directive.getWorker().getBytes(StandardCharsets.UTF_8),
                            directive.toByteArray()),
                    new RunTopicProducer.Answer() {
                        @Override
                        public void written(RecordMetadata where) {}

                        @Override
                        public void gone() {
                            dropped.inc();
                        }

                        @Override
                        public void failed(Exception e) {
                            fault = e;
                        }
                    });
        }

        /** Before each checkpoint: afterwards nobody would write them again. */
        @Override
        public void flush(boolean endOfInput) throws IOException, InterruptedException {
            while (!producer.isIdle()) {
                throwFault();
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
            }
            throwFault();
        }

        private void throwFault() throws IOException {
            Exception found = fault;
            if (found != null) {
                throw new IOException("A directive could not be written", found);
            }
        }

        @Override
        public Collection<byte[]> prepareCommit() {
            return List.of();
        }

        @Override
        public void close() {
            producer.close();
        }
    }

    private static final class Bytes implements SimpleVersionedSerializer<byte[]> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(byte[] bytes) {
            return bytes;
        }

        @Override
        public byte[] deserialize(int version, byte[] bytes) {
            return bytes;
        }
    }
}
