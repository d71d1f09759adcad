package org.hermesml.edge.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.errors.AuthorizationException;
import org.hermesml.core.InputException;
import org.hermesml.core.account.Selections;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.WorkerSelection;
import org.hermesml.edge.BrokerSilent;
import org.hermesml.edge.DeviceSettings;
import org.hermesml.edge.RunDirectory;
import org.hermesml.edge.RunFault;
import org.hermesml.edge.StopSignal;
import org.hermesml.edge.kafka.Connection;
import org.hermesml.edge.kafka.RecordSender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's life: takes part in one run after the other, the oldest first, until the process shall
 * end.
 */
public final class WorkerLoop {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerLoop.class);

    /** Often enough to be there soon after the other process is gone. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final DeviceSettings device;
    private final Connection connection;
    private final RunDirectory runs;
    private final StopSignal stop;
    private final Set<String> left = new HashSet<>();

    /** When to try again to get a place that another process has, or a right that it lacks. */
    private final Map<String, Long> retryNs = new HashMap<>();

    public WorkerLoop(
            DeviceSettings device, Connection connection, RunDirectory runs, StopSignal stop) {
        this.device = device;
        this.connection = connection;
        this.runs = runs;
        this.stop = stop;
    }

    /**
     * Returns the exit code: 0, or 1 when the only run to take part in failed here.
     *
     * @throws InputException when that run does not go with what this device was told
     */
    public int run() throws InterruptedException {
        try (RecordSender sender = new RecordSender(connection::deviceProducer, stop)) {
            while (true) {
                stop.check();
                Optional<RunRecord> next = next();
                if (next.isPresent()) {
                    Optional<Boolean> good = takePart(next.get(), sender);
                    if (good.isPresent() && !device.once().isEmpty()) {
                        return good.get() ? 0 : 1;
                    }
                } else if (isOver()) {
                    LOG.info("Run {} is over", device.once());
                    return 0;
                } else {
                    runs.awaitNews(500);
                }
            }
        }
    }

    /** Returns whether the run ended well, as far as this worker goes; empty to try again. */
    private Optional<Boolean> takePart(RunRecord run, RecordSender sender)
            throws InterruptedException {
        String name = run.getSpec().getRun();
        try {
            EndReason reason =
                    new WorkerSession(device, connection, run.getSpec(), runs, sender, stop).run();
            LOG.info("Run {} is over ({})", name, reason);
            left.add(name);
            retryNs.remove(name);
            return Optional.of(reason != EndReason.FAILED);
        } catch (BrokerSilent e) {
            LOG.warn("Run {} cannot be joined yet: {}", name, e.getMessage());
            return Optional.empty();
        } catch (Dismissed e) {
            LOG.error("{}", e.getMessage());
            retryNs.put(name, System.nanoTime() + RETRY.toNanos());
            return Optional.of(false);
        } catch (RunFault | InputException e) {
            LOG.error("Left run {}: {}", name, e.getMessage());
            if (e instanceof InputException input && !device.once().isEmpty()) {
                throw input;
            }
            if (e.getCause() instanceof AuthorizationException) {
                // The right may be granted while the run lasts.
                retryNs.put(name, System.nanoTime() + RETRY.toNanos());
            } else {
                left.add(name);
            }
            return Optional.of(false);
        }
    }

    private Optional<RunRecord> next() {
        return runs.open().stream()
                .filter(r -> r.getPhase() == RunPhase.RUNNING)
                .filter(r -> device.once().isEmpty() || device.once().equals(r.getSpec().getRun()))
                .filter(r -> mayTakePart(r.getSpec().getWorkers()))
                .filter(r -> !left.contains(r.getSpec().getRun()))
                .filter(r -> mayTry(r.getSpec().getRun()))
                .findFirst();
    }

    private boolean mayTry(String run) {
        Long fromNs = retryNs.get(run);
        return fromNs == null || System.nanoTime() - fromNs >= 0;
    }

    private boolean mayTakePart(WorkerSelection workers) {
        return Selections.admits(workers, device.id(), device.label());
    }

    /** Whether the only run of interest ended without us. */
    private boolean isOver() {
        if (device.once().isEmpty()) {
            return false;
        }
        runs.fault(device.once())
                .ifPresent(
                        fault -> {
                            throw new InputException(fault);
                        });
        Optional<RunRecord> run = runs.run(device.once());
        if (run.isPresent()
                && run.get().hasSpec()
                && !mayTakePart(run.get().getSpec().getWorkers())) {
            throw new InputException(
                    "Run "
                            + device.once()
                            + " does not take worker "
                            + device.id()
                            + " with label '"
                            + device.label()
                            + "'; it takes "
                            + run.get().getSpec().getWorkers().getNamesList()
                            + " and label '"
                            + run.get().getSpec().getWorkers().getLabel()
                            + "'.");
        }
        return run.map(r -> r.getPhase() == RunPhase.ENDED).orElse(false);
    }
}
