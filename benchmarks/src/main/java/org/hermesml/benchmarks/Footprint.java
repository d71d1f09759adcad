package org.hermesml.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.hermesml.training.Engine;
import org.hermesml.training.Engines;
import org.hermesml.training.NativeCache;
import org.hermesml.training.Samples;
import org.hermesml.training.data.Shuffle;

/**
 * Memory of a process that trains, started with the flags that are recommended for a worker. It
 * loads what a worker loads before it knows its run, and is without Kafka's client (about 20 MB).
 */
final class Footprint {
    private static final String STATUS = "/proc/self/status";
    private static final int ITERATIONS = 4;
    private static final int MINI_BATCH = 64;

    /** Of a process of its own: network, engine. */
    public static void main(String[] arguments) throws IOException {
        NativeCache.use(NativeCache.standard());
        Engines.checkFastPath(1);
        Net net = Net.of(arguments[0]).get(0);
        Samples samples = net.samples();
        try (Engine engine = EngineContender.open(arguments[1], net, samples)) {
            for (int i = 0; i < ITERATIONS; i++) {
                engine.train(samples, Shuffle.identity(samples.count()), 1, MINI_BATCH, i);
                engine.evaluate(samples);
            }
            System.out.println(megabytes("VmRSS") + " " + megabytes("VmHWM"));
        }
    }

    /**
     * @param now and at most, resident, in MB
     */
    record Megabytes(double now, double most) {}

    /** Empty where the system does not tell. */
    static Optional<Megabytes> of(Net net, String engine) throws IOException, InterruptedException {
        if (!Files.exists(Path.of(STATUS))) {
            return Optional.empty();
        }
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Footprint.class.getName(),
                        net.model(),
                        engine);
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        String told = new String(process.getInputStream().readAllBytes()).strip();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(
                    "The process that measures the memory of " + engine + " failed.");
        }
        String[] words = told.substring(told.lastIndexOf('\n') + 1).split(" ");
        return Optional.of(
                new Megabytes(Double.parseDouble(words[0]), Double.parseDouble(words[1])));
    }

    private static double megabytes(String key) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(STATUS))) {
            return lines.filter(line -> line.startsWith(key + ":"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                            .findFirst()
                            .orElseThrow()
                    * 1024
                    / 1e6;
        }
    }

    private Footprint() {}
}
