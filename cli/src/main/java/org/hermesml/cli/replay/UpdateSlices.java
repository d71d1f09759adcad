package org.hermesml.cli.replay;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.hermesml.cli.run.JobReading;
import org.hermesml.cli.run.KafkaSite;
import org.hermesml.core.merge.ModelReplay;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.wire.CutCheck;
import org.hermesml.core.wire.SliceInspection;
import org.hermesml.core.wire.Values;
import org.hermesml.operators.Readers;

/**
 * The slices of a run's updates, as Kafka holds them: found in one pass, then read again in about
 * the order in which they lie, so that memory holds few of them at a time. Of copies the first
 * counts, as it does for the job. One thread; the caller closes it.
 */
final class UpdateSlices implements ModelReplay.SliceSource, AutoCloseable {
    private static final long MOST_AHEAD_BYTES = 128 << 20;
    private static final long SEEK_FROM = 5_000;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();

    private record Place(UpdateId id, int slice) {}

    private record Address(int partition, long offset) {}

    private final KafkaSite site;
    private final String topic;
    private final String run;
    private final CutCheck cut;
    private final Map<Place, Address> places = new HashMap<>();
    private final Map<UpdateId, Integer> counts = new HashMap<>();

    /** Read on the way to others, oldest first. */
    private final Map<Place, UpdateSlice> ahead = new LinkedHashMap<>();

    private long aheadBytes;
    private Set<UpdateId> wanted = Set.of();
    private KafkaConsumer<byte[], byte[]> consumer;

    private UpdateSlices(KafkaSite site, String run, CutCheck cut) {
        this.site = site;
        this.topic = site.topics().updates();
        this.run = run;
        this.cut = cut;
    }

    /** Finds all that are there now. */
    static UpdateSlices find(KafkaSite site, String run, CutCheck cut) {
        UpdateSlices slices = new UpdateSlices(site, run, cut);
        site.readToEnd(slices.topic, slices::note);
        return slices;
    }

    /** Whether every slice of {@code id} is there. */
    boolean hasAll(UpdateId id) {
        return counts.getOrDefault(id, 0) == cut.slicing().sliceCount();
    }

    /** What {@link #values} will be asked for: slices of other updates are passed over. */
    void expect(Set<UpdateId> updates) {
        wanted = new HashSet<>(updates);
    }

    @Override
    public float[] values(UpdateId id, int slice) {
        Place place = new Place(id, slice);
        UpdateSlice found = ahead.remove(place);
        if (found == null) {
            readTo(place);
            found = ahead.remove(place);
        }
        aheadBytes -= found.getValues().size();
        return Values.decode(found.getValues(), found.getType());
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close();
        }
    }

    private void note(ConsumerRecord<byte[], byte[]> record) {
        sound(record)
                .ifPresent(
                        slice -> {
                            Place place = new Place(slice.getId(), slice.getSlice());
                            Address address = new Address(record.partition(), record.offset());
                            if (places.putIfAbsent(place, address) == null) {
                                counts.merge(slice.getId(), 1, Integer::sum);
                            }
                        });
    }

    /** A slice of this run that the job would take; empty for anything else. */
    private Optional<UpdateSlice> sound(ConsumerRecord<byte[], byte[]> record) {
        return JobReading.of(Readers::slice, record)
                .filter(slice -> slice.getRun().equals(run))
                .filter(slice -> cut.fault(slice).isEmpty())
                .filter(slice -> SliceInspection.of(slice).fault().isEmpty());
    }

    /** Leaves the slice in {@link #ahead}, with what was wanted on the way to it. */
    private void readTo(Place place) {
        Address address = places.get(place);
        if (consumer == null) {
            consumer = site.consumer();
            List<TopicPartition> partitions = site.partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }
        TopicPartition partition = new TopicPartition(topic, address.partition());
        consumer.pause(consumer.assignment());
        consumer.resume(List.of(partition));
        long far = address.offset() - consumer.position(partition);
        if (far < 0 || far > SEEK_FROM) {
            consumer.seek(partition, address.offset());
        }
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!ahead.containsKey(place)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "A record of "
                                + topic
                                + " that was there a moment ago cannot be read again: offset "
                                + address.offset()
                                + " of partition "
                                + address.partition()
                                + ".");
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                keep(record, place);
            }
        }
    }

    private void keep(ConsumerRecord<byte[], byte[]> record, Place asked) {
        UpdateSlice slice = sound(record).orElse(null);
        if (slice == null || !wanted.contains(slice.getId())) {
            return;
        }
        Place place = new Place(slice.getId(), slice.getSlice());
        if (!new Address(record.partition(), record.offset()).equals(places.get(place))) {
            return;
        }
        if (ahead.put(place, slice) == null) {
            aheadBytes += slice.getValues().size();
        }
        Iterator<Map.Entry<Place, UpdateSlice>> oldest = ahead.entrySet().iterator();
        while (aheadBytes > MOST_AHEAD_BYTES && oldest.hasNext()) {
            Map.Entry<Place, UpdateSlice> entry = oldest.next();
            if (!entry.getKey().equals(asked)) {
                aheadBytes -= entry.getValue().getValues().size();
                oldest.remove();
            }
        }
    }
}
