package org.hermesml.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.EngineNames;
import org.hermesml.training.Engines;
import org.hermesml.training.NativeCache;
import org.hermesml.training.Samples;
import org.hermesml.training.torch.TorchRuntime;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program behind {@code hermes bench training}. */
@Command(
        name = "hermes bench training",
        mixinStandardHelpOptions = true,
        description = "Samples per second and memory of the training engines on this machine.")
public final class TrainingBench implements Callable<Integer> {
    private static final List<String> ENGINES =
            List.of(EngineNames.PYTORCH, EngineNames.DL4J, EngineNames.DENSE);
    private static final int[] MINI_BATCHES = {16, 64};

    /** Samples of one forward pass; an engine cuts what it is given by itself. */
    private static final int EVALUATED = 256;

    @Option(
            names = "--models",
            defaultValue = "mlp,cnn,alexnet",
            paramLabel = "NAME,...",
            description = "Networks; default ${DEFAULT-VALUE}.")
    private String models;

    @Option(
            names = "--rounds",
            defaultValue = "7",
            description = "Turns of each engine; medians are printed; default ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--slice",
            defaultValue = "1",
            paramLabel = "SECONDS",
            description = "Length of one turn; default ${DEFAULT-VALUE}.")
    private double slice;

    @Option(names = "--no-memory", description = "Does not measure memory.")
    private boolean withoutMemory;

    @Option(names = "--end-with-stdin", hidden = true)
    private boolean endWithStdin;

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new TrainingBench());
        line.setExecutionExceptionHandler(
                (e, command, parsed) -> {
                    if (!(e instanceof InputException)) {
                        throw e;
                    }
                    System.err.println("hermes: " + e.getMessage());
                    return 2;
                });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (rounds < 1 || !(slice > 0)) {
            throw new InputException("--rounds and --slice must be above zero.");
        }
        List<Net> nets = Net.of(models);
        if (endWithStdin) {
            watchStdin();
        }
        NativeCache.use(NativeCache.standard());
        System.out.println(Engines.checkFastPath(1).description());
        if (!TorchRuntime.isHere()) {
            System.out.println(
                    "PyTorch's jar is not beside the device program: its engine and the ratios to it are left out.");
        }
        System.out.printf(
                Locale.ROOT,
                "%nSamples per second of processor time, one thread; in brackets the ratio to PyTorch itself."
                        + "%nMedians of %d rounds of %.1f s.%n%n%-9s %-13s %19s %19s %19s%n",
                rounds,
                slice,
                "network",
                "engine",
                "training at 16",
                "training at 64",
                "evaluation");
        for (Net net : nets) {
            print(net);
        }
        if (!withoutMemory) {
            memory(nets);
        }
        return 0;
    }

    private static void watchStdin() {
        Thread watch =
                new Thread(
                        () -> {
                            try {
                                System.in.transferTo(OutputStream.nullOutputStream());
                            } catch (IOException e) {
                                // as good as its end
                            }
                            System.exit(130);
                        },
                        "stdin");
        watch.setDaemon(true);
        watch.start();
    }

    private void print(Net net) {
        Samples samples = net.samples();
        Race race = new Race(rounds, slice);
        List<Map<String, Race.Result>> columns = new ArrayList<>();
        for (int miniBatch : MINI_BATCHES) {
            List<Contender> contenders = contenders(net, samples, miniBatch);
            columns.add(race.run(contenders, Contender::train, miniBatch));
            contenders.forEach(Contender::close);
        }
        List<Contender> contenders = contenders(net, samples, EVALUATED);
        columns.add(race.run(contenders, Contender::evaluate, EVALUATED));
        contenders.forEach(Contender::close);
        for (String name : columns.get(0).keySet()) {
            StringBuilder row =
                    new StringBuilder(String.format(Locale.ROOT, "%-9s %-13s", net.model(), name));
            for (Map<String, Race.Result> column : columns) {
                Race.Result result = column.get(name);
                row.append(
                        String.format(
                                Locale.ROOT,
                                " %,11.0f (%4.2f)",
                                result.samplesPerSecond(),
                                result.ratio()));
            }
            System.out.println(row);
        }
    }

    private static List<Contender> contenders(Net net, Samples samples, int miniBatch) {
        List<Contender> contenders = new ArrayList<>();
        if (TorchRuntime.isHere()) {
            contenders.add(new BareTorch(net, samples, miniBatch));
        }
        for (String name : engines(net)) {
            contenders.add(new EngineContender(name, net, samples, miniBatch));
        }
        return contenders;
    }

    private static List<String> engines(Net net) {
        return ENGINES.stream()
                .filter(name -> !name.equals(EngineNames.PYTORCH) || TorchRuntime.isHere())
                .filter(name -> EngineContender.takes(name, net))
                .toList();
    }

    private static void memory(List<Net> nets) throws IOException, InterruptedException {
        System.out.println(
                "\nResident memory of a process that trains and evaluates, -Xmx128m -XX:+UseSerialGC, MB: now, at most");
        for (Net net : nets) {
            for (String name : engines(net)) {
                Footprint.of(net, name)
                        .ifPresentOrElse(
                                found ->
                                        System.out.printf(
                                                Locale.ROOT,
                                                "%-9s %-13s %6.0f %6.0f%n",
                                                net.model(),
                                                name,
                                                found.now(),
                                                found.most()),
                                () -> System.out.println("this system does not tell"));
            }
        }
    }
}
