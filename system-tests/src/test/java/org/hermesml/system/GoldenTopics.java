package org.hermesml.system;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What a broker held when a golden savepoint was made, in one file: for each record its topic,
 * partition, time, key and value. Written to an empty broker again, all lie at their old offsets.
 */
final class GoldenTopics {
    static void save(String bootstrap, Collection<String> topics, Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            for (String topic : topics.stream().sorted().toList()) {
                for (ConsumerRecord<String, byte[]> record :
                        new Topic(bootstrap, topic).records()) {
                    out.writeUTF(topic);
                    out.writeInt(record.partition());
                    out.writeLong(record.timestamp());
                    out.writeUTF(record.key());
                    out.writeInt(record.value().length);
                    out.write(record.value());
                }
            }
        }
    }

    static void restore(String bootstrap, Path file) throws Exception {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file));
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(
                                Map.of("bootstrap.servers", bootstrap),
                                new ByteArraySerializer(),
                                new ByteArraySerializer())) {
            while (true) {
                String topic;
                try {
                    topic = in.readUTF();
                } catch (EOFException end) {
                    return;
                }
                int partition = in.readInt();
                in.readLong(); // its time then, by which the broker would soon remove what expires
                byte[] key = in.readUTF().getBytes(StandardCharsets.UTF_8);
                byte[] value = in.readNBytes(in.readInt());
                producer.send(new ProducerRecord<>(topic, partition, key, value))
                        .get(1, TimeUnit.MINUTES);
            }
        }
    }

    private GoldenTopics() {}
}
