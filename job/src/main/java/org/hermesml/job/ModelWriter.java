package org.hermesml.job;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
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
 * offset. A run whose topic is gone can go on no more, and its end is told instead.
 */
final class ModelWriter extends RichAsyncFunction<ModelSlice, RunEvent> {
    private static final long serialVersionUID = 1;

    private final String bootstrap;
    private final String topicPrefix;
    private transient RunTopicProducer producer;
    private transient Topics topics;
    private transient Counter slices;
    private transient Counter recordBytes;
    private transient Counter dropped;

    ModelWriter(String bootstrap, Topics topics) {
        this.bootstrap = bootstrap;
        this.topicPrefix = topics.prefix();
    }

    @Override
    public void open(OpenContext openContext) {
        producer = new RunTopicProducer(bootstrap);
        topics = new Topics(topicPrefix);
        slices = getRuntimeContext().getMetricGroup().counter("slices");
        recordBytes = getRuntimeContext().getMetricGroup().counter("recordBytes");
        dropped = getRuntimeContext().getMetricGroup().counter("droppedSlices");
    }

    @Override
    public void asyncInvoke(ModelSlice slice, ResultFuture<RunEvent> result) {
        byte[] key = Integer.toString(slice.getSlice()).getBytes(StandardCharsets.UTF_8);
        byte[] value = slice.toByteArray();
        slices.inc();
        recordBytes.inc((long) key.length + value.length);
        String topic = topics.models(slice.getRun());
        producer.send(
                new ProducerRecord<>(topic, key, value),
                new RunTopicProducer.Answer() {
                    @Override
                    public void written(RecordMetadata where) {
                        SliceAddress address =
                                SliceAddress.newBuilder()
                                        .setRun(slice.getRun())
                                        .setVersion(slice.getVersion())
                                        .setSlice(slice.getSlice())
                                        .setSliceCount(slice.getSliceCount())
                                        .setAddress(
                                                RecordAddress.newBuilder()
                                                        .setPartition(where.partition())
                                                        .setOffset(where.offset()))
                                        .setRecordBytes((long) key.length + value.length)
                                        .build();
                        result.complete(List.of(Events.of(address)));
                    }

                    @Override
                    public void gone() {
                        dropped.inc();
                        result.complete(List.of(Events.topicGone(slice.getRun(), topic)));
                    }

                    @Override
                    public void failed(Exception fault) {
                        result.completeExceptionally(fault);
                    }
                });
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close();
        }
    }
}
