package org.hermesml.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.wire.Topics;
import org.hermesml.edge.kafka.Connection;
import org.hermesml.edge.kafka.RecordFetcher;
import org.hermesml.edge.kafka.TopicFollower;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices that train on samples of their own, under the real rules. */
class LocalDataIT {
    private static final String PREFIX = "local-data-it.";
    private static final int OWN_SAMPLES = 120;

    /** In the pixels of each of the device's own samples, and nowhere else. */
    private static final byte[] MARK = "nobody else's".getBytes(StandardCharsets.US_ASCII);

    private static Connection connection;

    @TempDir Path dir;

    @BeforeAll
    static void startBroker() throws Exception {
        connection = TestBroker.shared().connection(PREFIX);
        TestBroker.shared().create(connection.topics().shared());
    }

    @Test
    void aWorkerTrainsOnItsOwnSamplesAndNoneOfThemLeavesIt() throws Exception {
        publish("own");
        writeSamples(dir.resolve("mine"), 28, 9);
        try (RuledJob job = new RuledJob(connection, "own");
                WorkerProcess other = worker("own", "other");
                WorkerProcess own =
                        worker("own", "own", "--local-data", dir.resolve("mine").toString())) {
            job.playUntil(
                    () -> clock(job, "own") >= 3 && clock(job, "other") >= 3 && learns(job, "own"));
            job.stop();
            assertEquals(0, own.awaitEnd(), own.said + "");
            assertEquals(0, other.awaitEnd(), other.said + "");
            job.playToEnd();
            assertTrue(own.hasSaid("Trains on 120 samples of its own"), own.said + "");

            DataIndex data = index("own");
            for (Directive directive : job.directives) {
                Allocation told = directive.getAllocation();
                if (directive.hasAllocation() && directive.getWorker().equals("own")) {
                    assertEquals(0, told.getBlocksCount(), "no blocks for who needs none");
                    assertTrue(told.getSamples() <= OWN_SAMPLES, told.toString());
                }
            }
            Allocation others =
                    job.directives.stream()
                            .filter(d -> d.hasAllocation() && d.getWorker().equals("other"))
                            .reduce((first, second) -> second)
                            .orElseThrow()
                            .getAllocation();
            assertEquals(data.getTrainingCount(), others.getBlocksCount(), "all are the other's");

            List<IterationReport> iterations =
                    job.reports.stream()
                            .filter(r -> r.hasIteration() && r.getWorker().equals("own"))
                            .map(Report::getIteration)
                            .toList();
            long needed = bytesOf("own", data.getModelList(), data.getHeldOutList());
            for (IterationReport iteration : iterations) {
                assertEquals(0, iteration.getResidentBlocks());
                assertTrue(iteration.getSamples() <= OWN_SAMPLES);
                assertEquals(
                        needed,
                        iteration.getBytes().getDataDown(),
                        "model and held-out samples, and no block besides");
            }
            assertTrue(
                    job.reports.stream()
                            .filter(Report::hasHello)
                            .anyMatch(r -> r.getHello().getLocalSamples() == OWN_SAMPLES));
        }
        List<Topics.Topic> topics = new ArrayList<>(connection.topics().shared());
        topics.addAll(connection.topics().ofRun("own"));
        // What a first layer learns from a pixel is the pixel, scaled: updates, and models made of
        // them, tell of samples what gradients tell (docs/data.md).
        List<String> derived =
                List.of(connection.topics().updates(), connection.topics().models("own"));
        topics.removeIf(topic -> derived.contains(topic.name()));
        long[] records = {0};
        try (TopicFollower follower = new TopicFollower(connection)) {
            topics.forEach(topic -> follower.addFromBeginning(topic.name()));
            follower.readToEnd(
                    record -> {
                        records[0]++;
                        assertFalse(
                                record.value() != null && contains(record.value(), MARK),
                                () -> "a sample in " + record.topic());
                    });
        }
        assertTrue(records[0] > 20, "something was looked at");
        assertTrue(
                contains(Files.readAllBytes(dir.resolve("mine/train-images-idx3-ubyte")), MARK),
                "and would have been found");
    }

    @Test
    void samplesThatDoNotFitTheRunAreRefusedInOneSentence() throws Exception {
        publish("misfit");
        writeSamples(dir.resolve("small"), 14, 9);
        assertRefused("small", "have shape [1, 14, 14], those of the run [1, 28, 28]");
        writeSamples(dir.resolve("classes"), 28, 200);
        assertRefused("classes", "has the class 200; those of the run go from 0 to 9");
        Files.writeString(dir.resolve("table.csv"), "a,kind\n1,x\n2,y\n");
        assertRefused("table.csv", "is a table, but the run's data set is none");
        Files.createDirectory(dir.resolve("empty"));
        assertRefused("empty", "holds no training samples");
        assertRefused("absent", "does not exist");
    }

    @Test
    void aTableOfADeviceIsReadAsTheRunsTableWas() throws Exception {
        StringBuilder rows = new StringBuilder("a,colour,kind\n");
        for (int i = 0; i < 200; i++) {
            rows.append(i % 2 == 0 ? i + ",red,x\n" : "-" + i + ",blue,y\n");
        }
        Path table = Files.writeString(dir.resolve("run.csv"), rows);
        TestBroker.shared().create(connection.topics().ofRun("table"));
        Path settings =
                Files.writeString(
                        dir.resolve("table.json"),
                        "{\"method\": \"asp\", \"held_out_samples\": 40}");
        assertEquals(
                0,
                EdgeWorker.run(
                        TestRuns.with(
                                connection,
                                "publish",
                                "--run",
                                "table",
                                "--dataset",
                                table.toString(),
                                "--model",
                                "mlp",
                                "--settings",
                                settings.toString())));
        assertEquals(List.of("x", "y"), index("table").getTable().getClassNamesList());
        Path mine =
                Files.writeString(dir.resolve("mine.csv"), "kind,a,colour\ny,-5,blue\ny,-7,?\n");
        try (RuledJob job = new RuledJob(connection, "table");
                WorkerProcess worker = worker("table", "w", "--local-data", mine.toString())) {
            job.playUntil(() -> clock(job, "w") >= 2);
            job.stop();
            assertEquals(0, worker.awaitEnd(), worker.said + "");
            assertEquals(2, job.iterations(job.incarnation("w")).get(0).getSamples());
        }
    }

    private void assertRefused(String name, String why) throws Exception {
        try (WorkerProcess worker =
                worker("misfit", name, "--local-data", dir.resolve(name).toString())) {
            assertEquals(2, worker.awaitEnd(), worker.said + "");
            String last =
                    worker.said.stream().filter(line -> !line.isBlank()).reduce((a, b) -> b).get();
            assertTrue(last.startsWith("hermes-edge-worker: ") && last.contains(why), last);
        }
    }

    /** The other's updates come between, so that not each iteration has a lower loss. */
    private static boolean learns(RuledJob job, String worker) {
        double[] losses =
                job.reports.stream()
                        .filter(r -> r.hasIteration() && r.getWorker().equals(worker))
                        .mapToDouble(r -> r.getIteration().getTrainLoss())
                        .toArray();
        return Arrays.stream(losses).anyMatch(loss -> loss < losses[0]);
    }

    private static long clock(RuledJob job, String worker) {
        return job.server().account(worker).getClock();
    }

    private void publish(String run) throws Exception {
        TestRuns.publish(
                connection,
                run,
                dir,
                "{\"method\": \"asp\", \"held_out_samples\": 200, \"samples\": 400, \"seed\": 5}");
    }

    private WorkerProcess worker(String run, String id, String... more) throws IOException {
        String[] device = TestRuns.device(connection, run, id, dir.resolve("state"));
        return new WorkerProcess(
                Stream.concat(Stream.of(device), Stream.of(more)).toArray(String[]::new));
    }

    /** Ten classes, or one that is too high; a bar at the place of the class, and the mark. */
    private static void writeSamples(Path folder, int size, int highest) throws IOException {
        Files.createDirectories(folder);
        ByteArrayOutputStream images = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(images);
        out.writeInt(0x803);
        out.writeInt(OWN_SAMPLES);
        out.writeInt(size);
        out.writeInt(size);
        ByteArrayOutputStream labels = new ByteArrayOutputStream();
        DataOutputStream labelsOut = new DataOutputStream(labels);
        labelsOut.writeInt(0x801);
        labelsOut.writeInt(OWN_SAMPLES);
        for (int i = 0; i < OWN_SAMPLES; i++) {
            byte[] pixels = new byte[size * size];
            System.arraycopy(MARK, 0, pixels, 0, MARK.length);
            int label = i % 10;
            Arrays.fill(pixels, size * (2 + label), size * (3 + label), (byte) 255);
            out.write(pixels);
            labelsOut.write(i == OWN_SAMPLES - 1 ? highest : label);
        }
        Files.write(folder.resolve("train-images-idx3-ubyte"), images.toByteArray());
        Files.write(folder.resolve("train-labels-idx1-ubyte"), labels.toByteArray());
    }

    private static DataIndex index(String run) {
        DataIndex[] found = new DataIndex[1];
        try (TopicFollower follower = new TopicFollower(connection)) {
            follower.addFromBeginning(connection.topics().runs());
            follower.readToEnd(
                    record -> {
                        try {
                            RunRecord read = RunRecord.parseFrom(record.value());
                            found[0] =
                                    read.getRun().equals(run) ? read.getSpec().getData() : found[0];
                        } catch (InvalidProtocolBufferException e) {
                            throw new IllegalStateException(e);
                        }
                    });
        }
        return found[0];
    }

    @SafeVarargs
    private static long bytesOf(String run, List<BlockAddress>... parts) {
        Map<String, Long> bytes = new HashMap<>();
        try (TopicFollower follower = new TopicFollower(connection)) {
            follower.addFromBeginning(connection.topics().data(run));
            follower.readToEnd(record -> bytes.put(place(record), RecordFetcher.bytes(record)));
        }
        return Stream.of(parts)
                .flatMap(List::stream)
                .map(BlockAddress::getAddress)
                .mapToLong(a -> bytes.get(a.getPartition() + "/" + a.getOffset()))
                .sum();
    }

    private static String place(ConsumerRecord<byte[], byte[]> record) {
        return record.partition() + "/" + record.offset();
    }

    private static boolean contains(byte[] bytes, byte[] part) {
        return new String(bytes, StandardCharsets.ISO_8859_1)
                .contains(new String(part, StandardCharsets.ISO_8859_1));
    }
}
