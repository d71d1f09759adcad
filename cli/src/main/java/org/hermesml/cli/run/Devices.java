package org.hermesml.cli.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.hermesml.cli.local.ChildProcess;

/** The processes of a local run that stand for devices: one evaluator, and the workers. */
final class Devices implements AutoCloseable {
    static final String EVALUATOR = "evaluator";

    private final ChildProcess evaluator;
    private final List<ChildProcess> workers;
    private final Set<String> mourned = new HashSet<>();

    private Devices(ChildProcess evaluator, List<ChildProcess> workers) {
        this.evaluator = evaluator;
        this.workers = workers;
    }

    /**
     * @param slowdowns one for each worker
     * @param localData of the first workers, samples of their own
     */
    static Devices start(
            EdgeProgram program,
            KafkaSite site,
            String run,
            List<Double> slowdowns,
            List<Path> localData) {
        ChildProcess evaluator = program.evaluator(site, EVALUATOR).start();
        List<ChildProcess> workers = new ArrayList<>();
        for (int i = 0; i < slowdowns.size(); i++) {
            Optional<Path> own =
                    i < localData.size() ? Optional.of(localData.get(i)) : Optional.empty();
            workers.add(
                    program.worker(site, run, "worker-" + (i + 1), slowdowns.get(i), own).start());
        }
        return new Devices(evaluator, List.copyOf(workers));
    }

    /**
     * Looks after the processes while the run lasts. A worker that dies in the middle of training
     * is told of and the others go on; one that dies before its first iteration shows that
     * something is wrong with all of them.
     *
     * @return what happened since the last call, in words
     * @throws RuntimeException when the run cannot go on
     */
    List<String> check(List<WorkerView> seen) {
        if (!evaluator.isAlive()) {
            throw EdgeTask.failure(evaluator, evaluator.exitCode().orElse(1));
        }
        Map<String, Long> iterations =
                seen.stream().collect(Collectors.toMap(WorkerView::name, WorkerView::iterations));
        List<String> events = new ArrayList<>();
        for (ChildProcess worker : workers) {
            if (worker.isAlive() || mourned.contains(worker.name())) {
                continue;
            }
            RuntimeException failure = EdgeTask.failure(worker, worker.exitCode().orElse(1));
            mourned.add(worker.name());
            if (iterations.getOrDefault(worker.name(), 0L) == 0
                    || mourned.size() == workers.size()) {
                throw failure;
            }
            events.add(failure.getMessage());
        }
        return events;
    }

    /** Ends all of them side by side. */
    @Override
    public void close() {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        ends.add(CompletableFuture.runAsync(evaluator::close));
        workers.forEach(worker -> ends.add(CompletableFuture.runAsync(worker::close)));
        ends.forEach(CompletableFuture::join);
    }
}
