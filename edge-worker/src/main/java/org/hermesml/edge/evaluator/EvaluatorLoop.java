package org.hermesml.edge.evaluator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.core.InputException;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.edge.BrokerSilent;
import org.hermesml.edge.DeviceSettings;
import org.hermesml.edge.RunDirectory;
import org.hermesml.edge.RunFault;
import org.hermesml.edge.StopSignal;
import org.hermesml.edge.kafka.Connection;
import org.hermesml.edge.kafka.Messages;
import org.hermesml.edge.kafka.RecordFetcher;
import org.hermesml.edge.kafka.RecordSender;
import org.hermesml.edge.kafka.TopicFollower;
import org.hermesml.training.TrainingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An evaluator's life: scores all open runs in turn, one score each, until the process shall end.
 */
public final class EvaluatorLoop {
    private static final Logger LOG = LoggerFactory.getLogger(EvaluatorLoop.class);
    private static final Duration IDLE = Duration.ofMillis(100);

    /** Clocks of the one who started the run and of the workers differ. */
    private static final long CLOCK_SKEW_MS = 60_000;

    private final DeviceSettings device;
    private final Connection connection;
    private final RunDirectory runs;
    private final StopSignal stop;
    private final Map<String, EvaluatedRun> served = new LinkedHashMap<>();
    private final Set<String> done = new HashSet<>();
    private boolean failed;
    private boolean followsUpdates;
    private boolean followsReports;

    public EvaluatorLoop(
            DeviceSettings device, Connection connection, RunDirectory runs, StopSignal stop) {
        this.device = device;
        this.connection = connection;
        this.runs = runs;
        this.stop = stop;
    }

    /** Returns the exit code: 0, or 1 when the only run to serve could not be served. */
    public int run() {
        try (RecordSender sender = new RecordSender(connection::deviceProducer, stop);
                RecordFetcher fetcher =
                        new RecordFetcher(connection, stop, Duration.ofSeconds(20));
                TopicFollower follower = new TopicFollower(connection)) {
            while (!isFinished()) {
                stop.check();
                runs.open().forEach(r -> serve(r.getSpec(), follower, fetcher, sender));
                boolean busy = served.values().stream().anyMatch(EvaluatedRun::hasWork);
                follower.poll(busy || served.isEmpty() ? Duration.ZERO : IDLE).forEach(this::take);
                if (served.isEmpty()) {
                    runs.awaitNews(IDLE.toMillis());
                }
                List.copyOf(served.values()).forEach(r -> attempt(r.run(), follower, r::step));
                List.copyOf(served.values()).stream()
                        .filter(this::isOver)
                        .forEach(r -> leave(r.run(), follower));
            }
            return failed ? 1 : 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } finally {
            served.values().forEach(EvaluatedRun::close);
        }
    }

    private boolean isFinished() {
        String once = device.once();
        boolean ended = runs.run(once).map(r -> r.getPhase() == RunPhase.ENDED).orElse(false);
        return !once.isEmpty() && !served.containsKey(once) && (done.contains(once) || ended);
    }

    private void serve(
            RunSpec spec, TopicFollower follower, RecordFetcher fetcher, RecordSender sender) {
        String run = spec.getRun();
        boolean wanted = device.once().isEmpty() || device.once().equals(run);
        if (!wanted || served.containsKey(run) || done.contains(run)) {
            return;
        }
        attempt(
                run,
                follower,
                () -> {
                    EvaluatedRun opened =
                            new EvaluatedRun(
                                    device.id(),
                                    spec,
                                    device.threads(),
                                    connection,
                                    fetcher,
                                    sender);
                    try {
                        follow(opened, spec, follower);
                    } catch (BrokerSilent | RunFault e) {
                        opened.close();
                        throw e;
                    }
                    served.put(run, opened);
                    LOG.info("Scoring run {} ({}, {})", run, spec.getDataset(), spec.getModel());
                });
    }

    private void follow(EvaluatedRun opened, RunSpec spec, TopicFollower follower) {
        if (opened.scoresUpdates() && !followsUpdates) {
            follower.addFromTime(
                    connection.topics().updates(), spec.getCreatedMs() - CLOCK_SKEW_MS);
            followsUpdates = true;
        }
        if (opened.auditsReports() && !followsReports) {
            follower.addFromTime(
                    connection.topics().reports(), spec.getCreatedMs() - CLOCK_SKEW_MS);
            followsReports = true;
        }
        follower.addFromBeginning(connection.topics().directives(opened.run()));
    }

    /** One run that cannot be scored must not keep others from it. */
    private void attempt(String run, TopicFollower follower, Runnable work) {
        try {
            work.run();
        } catch (BrokerSilent e) {
            LOG.warn("Run {} cannot be scored yet: {}", run, e.getMessage());
        } catch (RunFault | TrainingException | InputException e) {
            LOG.error("Run {} cannot be scored: {}", run, e.getMessage());
            failed = true;
            leave(run, follower);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String topic = record.topic();
        try {
            if (topic.equals(connection.topics().reports())) {
                EvaluatedRun run = byKey(record);
                if (run != null && run.auditsReports()) {
                    run.take(Messages.read(record, Report.parser(), Report::getProtocol));
                }
                return;
            }
            if (topic.equals(connection.topics().updates())) {
                EvaluatedRun run = byKey(record);
                if (run != null && run.scoresUpdates()) {
                    run.take(Messages.read(record, UpdateSlice.parser(), UpdateSlice::getProtocol));
                }
                return;
            }
            EvaluatedRun run =
                    served.get(topic.substring(connection.topics().directives("").length()));
            if (run != null) {
                run.take(Messages.read(record, Directive.parser(), Directive::getProtocol));
            }
        } catch (RunFault e) {
            LOG.warn("Ignored: {}", e.getMessage());
        }
    }

    /** Of a record with key RUN/WORKER; null where it is of no run served here. */
    private EvaluatedRun byKey(ConsumerRecord<byte[], byte[]> record) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        return served.get(key.substring(0, Math.max(0, key.indexOf('/'))));
    }

    private boolean isOver(EvaluatedRun run) {
        // What a deleted run had cannot be read: its last version is not waited for.
        boolean deleted = runs.run(run.run()).isEmpty();
        return deleted || run.isDone() || !runs.isOpen(run.run()) && !run.hasWork();
    }

    private void leave(String run, TopicFollower follower) {
        done.removeIf(gone -> runs.run(gone).isEmpty() && !gone.equals(device.once()));
        done.add(run);
        follower.remove(connection.topics().directives(run));
        EvaluatedRun left = served.remove(run);
        if (left != null) {
            left.close();
            LOG.info("Run {} is over", run);
        }
    }
}
