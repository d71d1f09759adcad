package org.hermesml.cli.run;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.hermesml.core.InputException;
import org.hermesml.core.Protocol;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.Score;

/** The runs that a broker knows. */
public final class RunDirectory {
    private final KafkaSite site;

    public RunDirectory(KafkaSite site) {
        this.site = site;
    }

    /** The newest record of each run, by run. */
    public Map<String, RunRecord> all() {
        Map<String, RunRecord> runs = new TreeMap<>();
        site.readToEnd(
                site.topics().runs(),
                record -> {
                    RunRecord run = RunRecord.parseFrom(record.value());
                    RunRecord before = runs.get(run.getRun());
                    // an ended run may lack its spec; people still want to see what it was
                    runs.put(
                            run.getRun(),
                            run.hasSpec() || before == null
                                    ? run
                                    : run.toBuilder().setSpec(before.getSpec()).build());
                });
        return runs;
    }

    /** The score of each run's newest scored version, by run. */
    public Map<String, Score> newestScores() {
        Map<String, Score> newest = new TreeMap<>();
        site.readToEnd(
                site.topics().scores(),
                record -> {
                    Score score = Score.parseFrom(record.value());
                    if (score.getSubjectCase() == Score.SubjectCase.VERSION) {
                        newest.merge(
                                score.getRun(),
                                score,
                                (a, b) -> b.getVersion() >= a.getVersion() ? b : a);
                    }
                });
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
        Map<String, Object> config =
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        site.bootstrap(),
                        ProducerConfig.ACKS_CONFIG,
                        "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(
                            new ProducerRecord<>(
                                    site.topics().runs(),
                                    run.getBytes(StandardCharsets.UTF_8),
                                    stopping.toByteArray()))
                    .get();
        } catch (ExecutionException e) {
            throw new InputException(
                    "The broker at "
                            + site.bootstrap()
                            + " does not take the request to stop run "
                            + run
                            + ": "
                            + e.getCause().getMessage()
                            + ".",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking run " + run + " to stop", e);
        }
    }
}
