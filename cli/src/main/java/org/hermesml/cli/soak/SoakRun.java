package org.hermesml.cli.soak;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.hermesml.cli.local.ChildProcess;
import org.hermesml.cli.local.FlinkCluster;
import org.hermesml.cli.local.ServerProcesses;
import org.hermesml.cli.proof.LastingRun;
import org.hermesml.cli.run.KafkaSite;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.wire.Topics;

/** Many runs side by side and one after the other, and what grows meanwhile. */
final class SoakRun {
    private static final List<String> METHODS = List.of("hermes", "asp", "fedbuff");
    private static final Duration SHORTEST_LIFE = Duration.ofSeconds(40);
    private static final Duration LONGEST_LIFE = Duration.ofSeconds(90);
    private static final Duration TRAINED_LIFE = Duration.ofSeconds(60);
    private static final Duration MEASURED_EVERY = Duration.ofSeconds(20);

    /**
     * Of each partition of a topic that expires, in place of the bounds of an installation, which
     * half an hour would not reach.
     */
    private static final long EXPIRES_BEYOND = 1L << 20;

    /** Likewise; what is full can be trimmed or compacted. */
    private static final Map<String, String> SMALL =
            Map.of("segment.bytes", Long.toString(EXPIRES_BEYOND));

    private static final Map<String, String> EXPIRES_SOON =
            Map.of("retention.bytes", Long.toString(EXPIRES_BEYOND));

    private final SoakPlan plan;
    private final Consumer<String> words;
    private final Traffic traffic = new Traffic();
    private final Map<String, Trend> trends = new LinkedHashMap<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private String restored = "";
    private long beganNanos;

    /**
     * @param words told of what happens, for people
     */
    SoakRun(SoakPlan plan, Consumer<String> words) {
        this.plan = plan;
        this.words = words;
    }

    SoakResult run() throws InterruptedException {
        words.accept("Starting broker, Flink cluster, evaluator and worker.");
        Topics topics = new Topics(Topics.DEFAULT_PREFIX);
        try (ServerProcesses server =
                ServerProcesses.start(plan.home(), plan.proof().data(), bounded(topics), words)) {
            KafkaSite site = new KafkaSite(server.bootstrap(), topics);
            try (TrainedRuns trained = new TrainedRuns(plan, site);
                    KafkaProducer<byte[], byte[]> producer = site.producer()) {
                beganNanos = System.nanoTime();
                ExecutorService threads = Executors.newCachedThreadPool();
                List<Future<?>> ends = new ArrayList<>();
                SplittableRandom seeds = new SplittableRandom(plan.seed());
                for (int i = 0; i < plan.runs(); i++) {
                    int lane = i;
                    SplittableRandom random = seeds.split();
                    ends.add(threads.submit(() -> makeUp(lane, site, producer, random)));
                }
                ends.add(threads.submit(() -> train(trained)));
                watch(server, trained.devices());
                threads.shutdown();
                awaitEnds(ends);
            }
        }
        return new SoakResult(plan, seconds(), traffic, trends, restored, List.copyOf(faults));
    }

    private static List<Topics.Topic> bounded(Topics topics) {
        return topics.shared().stream()
                .map(topic -> with(topic, SMALL))
                .map(topic -> topic.expires() ? with(topic, EXPIRES_SOON) : topic)
                .toList();
    }

    private static Topics.Topic with(Topics.Topic topic, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(topic.config());
        config.putAll(more);
        return new Topics.Topic(topic.name(), topic.partitions(), config);
    }

    /** Made-up runs, one after the other. */
    private void makeUp(
            int lane,
            KafkaSite site,
            KafkaProducer<byte[], byte[]> producer,
            SplittableRandom random) {
        Map<String, String> settings =
                new HashMap<>(LastingRun.endsAfter(plan.length().multipliedBy(2)));
        settings.put(Settings.METHOD.key(), METHODS.get(lane % METHODS.size()));
        // Nobody can measure what these devices send.
        settings.put(Settings.DEFENCE.key(), "false");
        settings.put(Settings.SHARDS.key(), "2");
        try {
            for (int number = 1; !isOver(); number++) {
                MadeUpRun run =
                        new MadeUpRun(
                                site,
                                producer,
                                "made-up-" + lane + "-" + number,
                                settings,
                                plan.devices() / plan.runs(),
                                random.nextLong(),
                                traffic);
                long most = LONGEST_LIFE.toMillis() - SHORTEST_LIFE.toMillis();
                run.live(shortened(SHORTEST_LIFE.plusMillis(random.nextLong(most))));
            }
        } catch (RuntimeException e) {
            faults.add("lane " + lane + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void train(TrainedRuns trained) {
        try {
            for (int number = 1; !isOver(); number++) {
                trained.live("trained-" + number, shortened(TRAINED_LIFE));
                traffic.realRuns.increment();
            }
        } catch (RuntimeException e) {
            faults.add("trained runs: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** No run begins that is to end long after the soak. */
    private Duration shortened(Duration life) {
        double left = plan.length().toSeconds() - seconds();
        return Duration.ofMillis((long) (1000 * Math.max(5, Math.min(life.toSeconds(), left))));
    }

    private void watch(ServerProcesses server, List<ChildProcess> devices) {
        long next = System.nanoTime();
        while (!isOver()) {
            next += MEASURED_EVERY.toNanos();
            while (!isOver() && System.nanoTime() - next < 0) {
                LockSupport.parkNanos(
                        Math.min(TimeUnit.SECONDS.toNanos(1), next - System.nanoTime()));
            }
            measure(server, devices);
            for (ChildProcess device : devices) {
                if (!device.isAlive()) {
                    faults.add(device.name() + " ended: " + device.lastLines(1).strip());
                    return;
                }
            }
            words.accept(
                    String.format(
                            Locale.ROOT,
                            "%.0f of %d s: %d runs, %d iterations, %d pushes, %d admitted",
                            seconds(),
                            plan.length().toSeconds(),
                            traffic.runs.sum() + traffic.realRuns.sum(),
                            traffic.iterations.sum(),
                            traffic.pushes.sum(),
                            traffic.admitted.sum()));
        }
        restored = server.rest().fault(server.job());
    }

    private void measure(ServerProcesses server, List<ChildProcess> devices) {
        boolean counts = seconds() >= plan.warmUp().toSeconds();
        Map<String, Long> pids = new LinkedHashMap<>();
        pids.put("broker", server.broker().pid());
        for (FlinkCluster.Member member : server.members()) {
            pids.put(member.name(), member.pid());
        }
        devices.forEach(device -> pids.put(device.name(), device.pid()));
        pids.remove("supervisor");
        pids.forEach(
                (name, pid) -> {
                    note(counts, name + " heap", Memory.heapAfterCollection(pid));
                    note(counts, name + " resident", Memory.resident(pid));
                });
        Path cluster = plan.proof().data().resolve("cluster");
        // The broker sets 20 MB aside for the index of each partition, whatever it holds.
        note(counts, "Kafka records", size(plan.proof().data().resolve("broker"), ".log"));
        note(counts, "RocksDB files", size(cluster.resolve("tmp"), ""));
        note(counts, "checkpoints", size(cluster.resolve("checkpoints"), ""));
    }

    private void note(boolean counts, String what, OptionalLong bytes) {
        if (counts && bytes.isPresent()) {
            trends.computeIfAbsent(what, name -> new Trend()).note(seconds(), bytes.getAsLong());
        }
    }

    private static OptionalLong size(Path folder, String ending) {
        return OptionalLong.of(Memory.ofFiles(folder, ending));
    }

    private void awaitEnds(List<Future<?>> ends) throws InterruptedException {
        for (Future<?> end : ends) {
            try {
                end.get();
            } catch (java.util.concurrent.ExecutionException e) {
                faults.add(String.valueOf(e.getCause().getMessage()));
            }
        }
    }

    private boolean isOver() {
        return !faults.isEmpty() || seconds() >= plan.length().toSeconds();
    }

    private double seconds() {
        return (System.nanoTime() - beganNanos) / 1e9;
    }
}
