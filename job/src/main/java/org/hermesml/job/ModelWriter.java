package org.hermesml.job;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.SliceAddress;
import org.hermesml.core.wire.Topics;
import org.hermesml.operators.Events;

/**
 * Step `publish`, first half: writes slices of a version and tells where they lie once the broker
 * has them. Flink's Kafka sink does not tell offsets, and workers are told exactly which records to
 * read. Slices in flight at a checkpoint are written again after a restore: same bytes, another
 * offset.
 */
final class ModelWriter extends RichAsyncFunction<ModelSlice, RunEvent> {
    private static final long serialVersionUID = 1;

    private final String bootstrap;
    private final String topicPrefix;
    private transient KafkaProducer<byte[], byte[]> producer;
    private transient Topics topics;
    private transient Counter slices;
    private transient Counter recordBytes;

    ModelWriter(String bootstrap, Topics topics) {
        this.bootstrap = bootstrap;
        this.topicPrefix = topics.prefix();
    }

    @Override
    public void open(OpenContext openContext) {
        Properties properties = new Properties();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer());
        topics = new Topics(topicPrefix);
        slices = getRuntimeContext().getMetricGroup().counter("slices");
        recordBytes = getRuntimeContext().getMetricGroup().counter("recordBytes");
    }

    @Override
    public void asyncInvoke(ModelSlice slice, ResultFuture<RunEvent> result) {
        byte[] key = Integer.toString(slice.getSlice()).getBytes(StandardCharsets.UTF_8);
        byte[] value = slice.toByteArray();
        slices.inc();
        recordBytes.inc((long) key.length + value.length);
        producer.send(
                new ProducerRecord<>(topics.models(slice.getRun()), key, value),
                (written, fault) -> {
                    if (fault != null) {
                        result.completeExceptionally(fault);
                        return;
                    }
                    SliceAddress address =
                            SliceAddress.newBuilder()
                                    .setRun(slice.getRun())
                                    .setVersion(slice.getVersion())
                                    .setSlice(slice.getSlice())
                                    .setSliceCount(slice.getSliceCount())
                                    .setAddress(
                                            RecordAddress.newBuilder()
                                                    .setPartition(written.partition())
                                                    .setOffset(written.offset()))
                                    .setRecordBytes((long) key.length + value.length)
                                    .build();
                    result.complete(List.of(Events.of(address)));
                });
    }

    @Override
    public void close() {
        if (producer != null) {
            // What is not acknowledged by now is in the checkpoint; waiting for a broker that is
            // away would hold up the restart.
            producer.close(Duration.ZERO);
        }
    }
}
