package org.hermesml.edge;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.edge.kafka.Messages;

/** The newest record of every run, from {@code hermes.runs}. Any thread. */
public final class RunDirectory {
    private final Map<String, RunRecord> runs = new LinkedHashMap<>();
    private final Map<String, String> unreadable = new LinkedHashMap<>();
    private final boolean keepData;

    /** For a device: of ended runs it keeps no data index. */
    public RunDirectory() {
        this(false);
    }

    /**
     * @param keepData whether the data index of runs that have ended is kept
     */
    public RunDirectory(boolean keepData) {
        this.keepData = keepData;
    }

    /**
     * Takes in a record of {@code hermes.runs}. A run that is known goes on as it was whatever
     * nonsense is written under its name, as it does in the job.
     */
    public synchronized void take(ConsumerRecord<byte[], byte[]> record) {
        String run = new String(record.key(), StandardCharsets.UTF_8);
        unreadable.remove(run);
        if (record.value() == null) {
            runs.remove(run);
        } else {
            try {
                RunRecord read = Messages.read(record, RunRecord.parser(), RunRecord::getProtocol);
                if (isOpen(run) && !read.getSpec().equals(runs.get(run).getSpec())) {
                    return;
                }
                runs.put(run, keepData || isOpen(read) ? read : withoutData(read));
            } catch (RunFault e) {
                if (!isOpen(run)) {
                    unreadable.put(run, e.getMessage());
                }
                notifyAll();
                throw e;
            }
        }
        notifyAll();
    }

    public synchronized Optional<RunRecord> run(String run) {
        return Optional.ofNullable(runs.get(run));
    }

    public synchronized List<String> names() {
        return List.copyOf(runs.keySet());
    }

    /** Why the record of {@code run} cannot be read here. */
    public synchronized Optional<String> fault(String run) {
        return Optional.ofNullable(unreadable.get(run));
    }

    /** Runs with a specification that have not ended, oldest first. */
    public synchronized List<RunRecord> open() {
        List<RunRecord> open = new ArrayList<>(runs.values());
        open.removeIf(r -> !isOpen(r));
        open.sort(Comparator.comparingLong(r -> r.getSpec().getCreatedMs()));
        return open;
    }

    /** False once the run has ended or has been deleted. */
    public synchronized boolean isOpen(String run) {
        return runs.containsKey(run) && isOpen(runs.get(run));
    }

    private static boolean isOpen(RunRecord run) {
        return run.hasSpec()
                && (run.getPhase() == RunPhase.RUNNING || run.getPhase() == RunPhase.STOPPING);
    }

    /** A device hears of every run that ever was, and its heap is small. */
    private static RunRecord withoutData(RunRecord run) {
        RunRecord.Builder rest = run.toBuilder();
        if (run.hasSpec()) {
            rest.getSpecBuilder().clearData();
        }
        return rest.build();
    }

    /** Waits for the next record, at most {@code ms}. */
    public synchronized void awaitNews(long ms) throws InterruptedException {
        wait(ms);
    }
}
