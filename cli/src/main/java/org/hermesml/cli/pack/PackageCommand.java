package org.hermesml.cli.pack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.run.RunFiles;
import org.hermesml.core.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code hermes package}: the device program for another kind of machine. Java is the same
 * everywhere, so the jars of this build are taken and their native libraries exchanged.
 */
@Command(
        name = "package",
        description =
                "Makes the device program's jars for another kind of machine; Maven fetches its libraries (80 MB for"
                        + " linux-arm64, 70 MB more for PyTorch).")
public final class PackageCommand implements Callable<Integer> {
    private static final double MEGABYTE = 1e6;

    @Option(
            names = "--platform",
            required = true,
            paramLabel = "PLATFORM",
            description = "linux-x86_64, linux-arm64, macosx-arm64, windows-x86_64.")
    private String platform;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the jars go (default: hermes-PLATFORM in this folder).")
    private Path out;

    @Option(
            names = "--no-pytorch",
            description = "Only the worker's jar, without the PyTorch engine's beside it.")
    private boolean withoutPytorch;

    @Override
    public Integer call() throws InterruptedException {
        Board board = Board.of(platform);
        HermesHome home = HermesHome.find();
        Path worker = built(home.workerJar());
        Path pytorch = built(home.pytorchJar());
        Path folder = out == null ? Path.of("hermes-" + platform) : out;
        try {
            Files.createDirectories(folder);
            Path work = Files.createTempDirectory("hermes-package");
            try {
                NativeArtifacts natives = new NativeArtifacts(worker);
                List<Path> jars = natives.fetch(board, !withoutPytorch, work);
                compose(board, worker, only(jars, false), folder);
                if (!withoutPytorch) {
                    compose(board, pytorch, only(jars, true), folder);
                }
            } finally {
                RunFiles.delete(work);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The package was not written: " + e.getMessage(), e);
        }
        System.out.println(
                "For a "
                        + platform
                        + " machine with Java 17; they must stay together. Start a worker there with\n  OMP_NUM_THREADS=1 java"
                        + " -Xmx128m -XX:+UseSerialGC -jar "
                        + worker.getFileName()
                        + " --bootstrap HOST:PORT --id NAME");
        return 0;
    }

    private static void compose(Board board, Path base, List<Path> natives, Path folder)
            throws IOException {
        Path jar = folder.resolve(base.getFileName());
        JarComposer.compose(
                base, entry -> JarParts.keeps(entry, board), natives, JarParts::takes, jar);
        System.out.printf(Locale.ROOT, "%s  %.0f MB%n", jar, Files.size(jar) / MEGABYTE);
    }

    private static List<Path> only(List<Path> jars, boolean pytorch) {
        return jars.stream()
                .filter(jar -> jar.getFileName().toString().startsWith("pytorch") == pytorch)
                .toList();
    }

    private static Path built(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw new InputException(
                    "The jar " + jar + " is missing; build it with mvn -DskipTests package.");
        }
        return jar;
    }
}
