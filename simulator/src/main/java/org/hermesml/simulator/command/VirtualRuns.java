package org.hermesml.simulator.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.hermesml.core.BuiltIns;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.Scenario;
import org.hermesml.simulator.Simulated;
import org.hermesml.simulator.Simulation;
import org.hermesml.simulator.Watcher;
import org.hermesml.simulator.Workload;
import org.hermesml.simulator.campaign.PlannedRun;
import org.hermesml.simulator.campaign.RunSimulator;
import org.hermesml.simulator.learning.Cores;
import org.hermesml.training.NativeCache;
import org.hermesml.training.data.Dataset;
import org.hermesml.training.data.Datasets;

/** Simulates planned runs; those with the same seed share data and first model. Any thread. */
final class VirtualRuns implements RunSimulator {
    /** A workload of MNIST takes 60 MB: only those of the newest seeds are kept. */
    private static final int KEPT = 4;

    private final Dataset data;
    private final String dataset;
    private final Path dataDir;
    private final String model;
    private final Cores cores;
    private final Map<Key, CompletableFuture<Workload>> workloads =
            new LinkedHashMap<>(16, 0.75f, true);

    private VirtualRuns(Dataset data, String dataset, Path dataDir, String model, Cores cores) {
        this.data = data;
        this.dataset = dataset;
        this.dataDir = dataDir;
        this.model = model;
        this.cores = cores;
    }

    /**
     * Opens the data set, once for all runs.
     *
     * @param cores that all of them share
     * @param dataset null: mnist where it is found, else the digits that are made
     */
    static VirtualRuns open(String dataset, Path dataDir, String model, Cores cores) {
        if (dataset != null && dataset.equals(BuiltIns.DIGITS)) {
            return new VirtualRuns(null, dataset, dataDir, model, cores);
        }
        if (dataset != null) {
            return new VirtualRuns(
                    Datasets.open(dataset, dataDir, 0), dataset, dataDir, model, cores);
        }
        try {
            return new VirtualRuns(
                    Datasets.open(BuiltIns.MNIST, dataDir, 0),
                    BuiltIns.MNIST,
                    dataDir,
                    model,
                    cores);
        } catch (InputException e) {
            System.err.println(
                    "MNIST was not found, the built-in digits are taken; --data-dir or "
                            + Datasets.FOLDER_VARIABLE
                            + " names its folder.");
            return new VirtualRuns(null, BuiltIns.DIGITS, dataDir, model, cores);
        }
    }

    @Override
    public Simulated simulate(PlannedRun run, Watcher watcher) {
        Settings settings = run.settings();
        return Simulation.run(
                new Scenario(
                        run.testBed(),
                        workload(settings),
                        settings,
                        run.seed(),
                        run.variant().setting()),
                watcher,
                cores);
    }

    /** Prepared once for each seed. */
    Workload workload(Settings settings) {
        Key key =
                new Key(
                        settings.get(Settings.SEED),
                        settings.get(Settings.LEARNING_RATE),
                        settings.get(Settings.HELD_OUT_SAMPLES),
                        settings.get(Settings.TRAINING_SAMPLES),
                        settings.get(Settings.PARTITION),
                        settings.get(Settings.DIRICHLET_ALPHA));
        CompletableFuture<Workload> mine = new CompletableFuture<>();
        CompletableFuture<Workload> shared;
        synchronized (workloads) {
            shared = workloads.putIfAbsent(key, mine);
            if (workloads.size() > KEPT) {
                workloads.remove(workloads.keySet().iterator().next());
            }
        }
        if (shared == null) {
            try {
                mine.complete(prepare(settings));
            } catch (RuntimeException e) {
                synchronized (workloads) {
                    workloads.remove(key, mine);
                }
                mine.completeExceptionally(e);
            }
            shared = mine;
        }
        try {
            return shared.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException fault ? fault : e;
        }
    }

    private Workload prepare(Settings settings) {
        prepareLibraries();
        return data == null
                ? Workload.prepare(dataset, dataDir, model, settings)
                : Workload.prepare(data, model, settings);
    }

    private static synchronized void prepareLibraries() {
        if (!prepared) {
            NativeCache.use(NativeCache.standard());
            prepared = true;
        }
    }

    private static boolean prepared;

    /** What a workload depends on. */
    private record Key(
            long seed,
            double learningRate,
            int heldOutSamples,
            int trainingSamples,
            String partition,
            double dirichletAlpha) {}
}
