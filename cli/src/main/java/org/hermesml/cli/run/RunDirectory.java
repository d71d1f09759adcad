package org.hermesml.cli.run;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.hermesml.cli.local.TopicAdmin;
import org.hermesml.core.InputException;
import org.hermesml.core.Protocol;
import org.hermesml.core.check.RunNews;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.Score.SubjectCase;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.wire.Topics;
import org.hermesml.operators.Readers;

/** The runs that a broker knows. */
public final class RunDirectory {
    private final KafkaSite site;

    public RunDirectory(KafkaSite site) {
        this.site = site;
    }

    /** Every run as the job knows it, by name; what the job refuses is left out. */
    public Map<String, RunRecord> all() {
        Map<String, RunRecord> runs = new TreeMap<>();
        site.readAll(
                site.topics().runs(),
                record -> JobReading.of(Readers::run, record).ifPresent(run -> take(run, runs)));
        return runs;
    }

    private static void take(RunRecord run, Map<String, RunRecord> runs) {
        RunRecord before = runs.get(run.getRun());
        if (RunNews.of(before, run) != RunNews.TAKEN) {
            return;
        }
        if (run.getPhase() == RunPhase.RUN_PHASE_UNSPECIFIED) {
            runs.remove(run.getRun());
        } else if (run.hasSpec() || before == null) {
            runs.put(run.getRun(), run);
        } else {
            // an ended run may lack its spec; people still want to see what it was
            runs.put(run.getRun(), run.toBuilder().setSpec(before.getSpec()).build());
        }
    }

    /** The score of each run's newest scored version, by run. */
    public Map<String, Score> newestScores() {
        Map<String, Score> newest = new TreeMap<>();
        site.readToEnd(
                site.topics().scores(),
                record ->
                        JobReading.of(Readers::score, record)
                                .map(RunEvent::getScore)
                                .filter(score -> score.getSubjectCase() == SubjectCase.VERSION)
                                .ifPresent(
                                        score ->
                                                newest.merge(
                                                        score.getRun(),
                                                        score,
                                                        (a, b) ->
                                                                b.getVersion() >= a.getVersion()
                                                                        ? b
                                                                        : a)));
        return newest;
    }

    /**
     * @throws InputException when there is no such run, naming those there are
     */
    public RunRecord find(String run) {
        Map<String, RunRecord> all = all();
        RunRecord found = all.get(run);
        if (found == null) {
            throw unknown(run, all);
        }
        return found;
    }

    static InputException unknown(String run, Map<String, RunRecord> known) {
        String list =
                known.isEmpty()
                        ? "there are none"
                        : "known are: "
                                + known.keySet().stream()
                                        .limit(10)
                                        .collect(Collectors.joining(", "))
                                + (known.size() > 10
                                        ? " and " + (known.size() - 10) + " more"
                                        : "");
        return new InputException("There is no run '" + run + "'; " + list + ".");
    }

    /**
     * Asks the job to end a run.
     *
     * @throws InputException when there is no such run or it has ended
     */
    public void stop(String run) {
        RunRecord found = find(run);
        if (found.getPhase() == RunPhase.ENDED) {
            throw new InputException(
                    "Run " + run + " has already ended: " + found.getEnd().getText() + ".");
        }
        RunRecord stopping =
                found.toBuilder().setProtocol(Protocol.VERSION).setPhase(RunPhase.STOPPING).build();
        write("the request to stop run " + run, List.of(runRecord(run, stopping.toByteArray())));
    }

    /**
     * Forgets a run that has ended: its samples, models, directives, best versions and its record
     * go, and its verdicts once none of an older run lies before them. What was begun and broken
     * off can be asked for again.
     *
     * @throws InputException when there is no such run or it has not ended
     */
    public void delete(String run) {
        Map<String, RunRecord> all = all();
        Topics topics = site.topics();
        List<String> own = topics.ofRun(run).stream().map(Topics.Topic::name).toList();
        try (TopicAdmin admin = TopicAdmin.connect(site.bootstrap())) {
            List<String> left = new ArrayList<>(own);
            left.retainAll(admin.names());
            RunRecord found = all.get(run);
            if (found == null && left.isEmpty()) {
                throw unknown(run, all);
            }
            if (found != null && found.getPhase() != RunPhase.ENDED) {
                throw new InputException(
                        "Run "
                                + run
                                + " has not ended; end it first with ./hermes stop "
                                + run
                                + ".");
            }
            List<ProducerRecord<byte[], byte[]>> gone = new ArrayList<>();
            bestKeys(run).forEach(key -> gone.add(new ProducerRecord<>(topics.best(), key, null)));
            gone.add(runRecord(run, null));
            write("that run " + run + " is deleted", gone);
            admin.delete(left);
            admin.deleteRecordsBefore(neededVerdicts());
        }
    }

    /**
     * From where on the verdict log has entries of runs that are still known, by partition; its end
     * where there are none.
     */
    private Map<TopicPartition, Long> neededVerdicts() {
        Map<TopicPartition, Map<String, Long>> firsts = new HashMap<>();
        Map<TopicPartition, Long> needed = new HashMap<>();
        site.readAll(
                site.topics().verdicts(),
                record -> {
                    TopicPartition partition =
                            new TopicPartition(record.topic(), record.partition());
                    String run =
                            record.key() == null
                                    ? ""
                                    : new String(record.key(), StandardCharsets.UTF_8);
                    firsts.computeIfAbsent(partition, p -> new HashMap<>())
                            .putIfAbsent(run, record.offset());
                    needed.put(partition, record.offset() + 1);
                });
        // Read after the log: a run is known before its first verdict.
        Set<String> known = all().keySet();
        firsts.forEach(
                (partition, first) -> {
                    first.keySet().retainAll(known);
                    first.values().forEach(offset -> needed.merge(partition, offset, Math::min));
                });
        return needed;
    }

    private List<byte[]> bestKeys(String run) {
        Map<String, byte[]> keys = new TreeMap<>();
        site.readToEnd(
                site.topics().best(),
                record -> {
                    String key = new String(record.key(), StandardCharsets.UTF_8);
                    if (key.startsWith(run + "/")) {
                        keys.put(key, record.key());
                    }
                });
        return List.copyOf(keys.values());
    }

    private ProducerRecord<byte[], byte[]> runRecord(String run, byte[] value) {
        return new ProducerRecord<>(
                site.topics().runs(), run.getBytes(StandardCharsets.UTF_8), value);
    }

    /** Returns when the broker has all of them. */
    private void write(String what, List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer = site.producer()) {
            List<Future<?>> sent = new ArrayList<>();
            records.forEach(record -> sent.add(producer.send(record)));
            for (Future<?> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new InputException(
                    "The broker at "
                            + site.bootstrap()
                            + " does not take "
                            + what
                            + ": "
                            + e.getCause().getMessage()
                            + ".",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while writing " + what, e);
        }
    }
}
