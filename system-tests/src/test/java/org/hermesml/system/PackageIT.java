package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The device program for a board that is not here to run it: what is in it, and how large it is.
 */
class PackageIT {
    private static final long MB = 1_000_000;
    private static final String TENSORS = "org/nd4j/linalg/cpu/nativecpu/bindings/";

    @TempDir private Path dir;

    @Test
    void aPackageForArmHoldsTheLibrariesOfArmAndNoOthers() throws Exception {
        Path out = dir.resolve("board");
        Launched made =
                Hermes.start(dir, "package", "--platform", "linux-arm64", "--out", out.toString());
        int code = made.awaitLongEnd();
        assumeFalse(
                made.err().contains("Maven could not fetch"),
                "No package is made: Maven reaches no repository that has the libraries of ARM");
        assertEquals(0, code, made.err());
        Path worker = out.resolve("hermes-edge-worker.jar");
        List<String> entries = entries(worker);
        assertHas(entries, TENSORS + "linux-arm64/libnd4jcpu.so");
        assertHas(entries, TENSORS + "linux-arm64/libjnind4jcpu.so");
        assertHas(entries, "org/bytedeco/openblas/linux-arm64/libopenblas.so.0");
        assertHas(entries, "org/bytedeco/javacpp/linux-arm64/libjnijavacpp.so");
        assertHas(entries, "org/hermesml/edge/EdgeWorker.class");
        assertTrue(entries.stream().noneMatch(e -> e.contains("x86_64/")), "a library of x86");
        assertBetween(90 * MB, 150 * MB, worker);
        try (JarFile jar = new JarFile(worker.toFile())) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            assertEquals("org.hermesml.edge.EdgeWorker", manifest.getValue("Main-Class"));
            assertEquals("hermes-pytorch.jar", manifest.getValue("Class-Path"));
        }
        Path pytorch = out.resolve("hermes-pytorch.jar");
        List<String> torch = entries(pytorch);
        assertHas(torch, "pytorch/cpu/linux-aarch64/libtorch_cpu.so");
        assertHas(torch, "jnilib/linux-aarch64/cpu/libdjl_torch.so");
        assertHas(torch, "ai/djl/pytorch/engine/PtEngine.class");
        assertTrue(torch.stream().noneMatch(e -> e.contains("pytorch/cpu/linux-x86_64/")));
        assertBetween(60 * MB, 100 * MB, pytorch);
    }

    @Test
    void theJarsOfThisMachineAreAsLargeAsTheyShouldBe() throws IOException {
        assertBetween(90 * MB, 165 * MB, jar("hermes-edge-worker.jar"));
        List<String> entries = entries(jar("hermes-edge-worker.jar"));
        assertTrue(entries.stream().noneMatch(e -> e.startsWith("ai/djl/")), "PyTorch is in it");
        assertHas(entries(jar("hermes-pytorch.jar")), "ai/djl/pytorch/engine/PtEngine.class");
    }

    @Test
    void anUnknownPlatformIsNamed() throws Exception {
        Launched made = Hermes.run(dir, "package", "--platform", "linux-riscv64");
        assertEquals(2, made.awaitEnd());
        assertTrue(made.err().contains("linux-arm64"), made.err());
    }

    private static Path jar(String name) {
        return Hermes.HOME.resolve("edge-worker/target").resolve(name);
    }

    private static List<String> entries(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(entry -> entry.getName()).toList();
        }
    }

    private static void assertHas(List<String> entries, String name) {
        assertTrue(entries.contains(name), () -> name + " is missing");
    }

    private static void assertBetween(long least, long most, Path file) throws IOException {
        long size = Files.size(file);
        assertTrue(size >= least && size <= most, file + " has " + size + " bytes");
    }
}
