package org.hermesml.cli.simulate;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.hermesml.cli.local.ChildCommand;
import org.hermesml.cli.local.ChildProcess;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.run.Interrupts;
import org.hermesml.core.InputException;

/** The programs that simulate and measure, as processes of their own whose output is ours. */
final class SimulatorProgram {
    private static final String MAIN = "org.hermesml.simulator.command.SimulatorMain";

    /** Enough for a hundred devices and two runs at a time; the variable asks for more. */
    private static final String HEAP = "3g";

    private static final String BENCH_MAIN = "org.hermesml.benchmarks.TrainingBench";
    private static final String BENCH_HEAP = "512m";

    private static final String HEAP_VARIABLE = "HERMES_SIMULATOR_HEAP";

    /**
     * Starts it and waits for its end, or ends it when this program is asked to.
     *
     * @param command words before the options
     * @return its exit code
     * @throws InputException when it is not built
     */
    static int run(List<String> command, List<String> arguments) {
        return await(program(HermesHome.find(), command, arguments));
    }

    /** Likewise, the program that measures the training engines. */
    static int bench(List<String> arguments) {
        HermesHome home = HermesHome.find();
        return await(
                java(home, "benchmarks", BENCH_HEAP)
                        .jvm("-XX:+UseSerialGC")
                        .main(
                                built(home.benchmarksJar())
                                        + File.pathSeparator
                                        + built(home.workerJar()),
                                BENCH_MAIN)
                        .args(arguments)
                        .args("--end-with-stdin")
                        .sharedOutput());
    }

    private static int await(ChildCommand program) {
        try (Interrupts interrupts = Interrupts.install();
                ChildProcess child = program.start()) {
            // A Ctrl-C reaches the child by itself, any other request through its standard input;
            // either way it puts its results in order before it ends.
            return child.onExit().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Interrupts.CODE;
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "The program that was started cannot be awaited.", e.getCause());
        }
    }

    static ChildCommand program(HermesHome home, List<String> command, List<String> arguments) {
        String classPath =
                built(home.simulatorJar()) + File.pathSeparator + built(home.workerJar());
        String heap = System.getenv().getOrDefault(HEAP_VARIABLE, HEAP);
        List<String> typed = new ArrayList<>(List.of("./hermes"));
        typed.addAll(command);
        typed.addAll(arguments);
        return java(home, "simulator", heap)
                .jvm("-XX:+UseParallelGC")
                .main(classPath, MAIN)
                .args(command)
                .args(arguments)
                .args("--end-with-stdin", "--command=" + String.join(" ", typed))
                .sharedOutput();
    }

    private static ChildCommand java(HermesHome home, String name, String heap) {
        return ChildCommand.java(name, home.state().resolve(name + ".log"))
                .jvm("-Xmx" + heap)
                .jvm("-Dhermes.home=" + home.root())
                .jvm("-Dhermes.terminal=" + System.getProperty("hermes.terminal", "false"))
                // what goes side by side goes on one thread each
                .env("OMP_NUM_THREADS", "1");
    }

    private static Path built(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw new InputException(
                    "The program " + jar + " is missing; build it with mvn -DskipTests package.");
        }
        return jar;
    }

    private SimulatorProgram() {}
}
