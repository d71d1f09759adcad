package org.hermesml.edge.command;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.hermesml.core.InputException;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.ModelVersion;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.wire.Values;
import org.hermesml.edge.BestBanks;
import org.hermesml.edge.ModelReader;
import org.hermesml.edge.RunDirectory;
import org.hermesml.edge.RunFault;
import org.hermesml.edge.kafka.Connection;
import org.hermesml.edge.kafka.Messages;
import org.hermesml.edge.kafka.RecordFetcher;
import org.hermesml.edge.kafka.TopicFollower;

/** What Kafka still knows of a run, ended or not. */
final class RunArchive {
    private final Connection connection;

    RunArchive(Connection connection) {
        this.connection = connection;
    }

    RunSpec spec(String run) {
        RunDirectory runs = new RunDirectory(true);
        try (TopicFollower follower = new TopicFollower(connection)) {
            follower.addFromBeginning(connection.topics().runs());
            follower.readToEnd(
                    record -> {
                        try {
                            runs.take(record);
                        } catch (RunFault e) {
                            // Asked for below, should it be the run in question.
                        }
                    });
        }
        runs.fault(run)
                .ifPresent(
                        fault -> {
                            throw new InputException(fault);
                        });
        return runs.run(run)
                .filter(r -> r.hasSpec())
                .map(r -> r.getSpec())
                .orElseThrow(
                        () ->
                                new InputException(
                                        "There is no run '"
                                                + run
                                                + "' at "
                                                + connection.bootstrap()
                                                + "; runs there: "
                                                + (runs.names().isEmpty()
                                                        ? "none"
                                                        : String.join(", ", runs.names()))
                                                + "."));
    }

    /**
     * Reads the weights of {@code version}, or of the best one where that is null.
     *
     * @param into {@code [parameterCount]}
     * @return the version read
     */
    long weights(RunSpec spec, Long version, RecordFetcher fetcher, float[] into) {
        Optional<BestBanks.Best> best =
                version == null
                        ? BestBanks.read(connection, spec.getRun()).best()
                        : Optional.empty();
        if (best.isPresent()) {
            for (ModelSlice slice : best.get().slices()) {
                Values.decode(slice.getValues(), slice.getType(), into, (int) slice.getFirst());
            }
            return best.get().version();
        }
        ModelVersion found = version(spec.getRun(), version);
        new ModelReader(
                        spec.getRun(),
                        connection.topics().models(spec.getRun()),
                        into.length,
                        fetcher,
                        new AtomicLong())
                .read(found, into);
        return found.getVersion();
    }

    /** Null: the newest, for a run that ended before anything was scored. */
    private ModelVersion version(String run, Long wanted) {
        TreeMap<Long, ModelVersion> versions = new TreeMap<>();
        try (TopicFollower follower = new TopicFollower(connection)) {
            follower.addFromBeginning(connection.topics().directives(run));
            follower.readToEnd(
                    record -> {
                        Directive directive =
                                Messages.read(record, Directive.parser(), Directive::getProtocol);
                        for (ModelVersion v :
                                List.of(directive.getModel(), directive.getOutcome().getModel())) {
                            if (v.getSlicesCount() > 0) {
                                versions.put(v.getVersion(), v);
                            }
                        }
                    });
        }
        if (versions.isEmpty()) {
            throw new InputException("Run " + run + " has no model yet; is the job running?");
        }
        if (wanted == null) {
            return versions.lastEntry().getValue();
        }
        if (!versions.containsKey(wanted)) {
            throw new InputException(
                    "Run "
                            + run
                            + " has no version "
                            + wanted
                            + "; it has "
                            + versions.size()
                            + " versions, "
                            + versions.firstKey()
                            + " to "
                            + versions.lastKey()
                            + ".");
        }
        return versions.get(wanted);
    }
}
