package org.hermesml.cli.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.hermesml.core.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JarPartsTest {
    private static final String TENSORS = "org/nd4j/linalg/cpu/nativecpu/bindings/";

    @TempDir private Path dir;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org/hermesml/edge/EdgeWorker.class",
                "META-INF/MANIFEST.MF",
                "org/bytedeco/openblas/global/openblas.class",
                "org/bytedeco/javacpp/tools/Generator.class",
                TENSORS + "Nd4jCpu.class",
                "linux/aarch64/libzstd-jni-1.5.6-10.so",
                "org/xerial/snappy/native/Linux/aarch64/libsnappyjava.so",
                "net/jpountz/util/linux/aarch64/liblz4-java.so",
                "jnilib/linux-aarch64/cpu/libdjl_torch.so",
                "jnilib/pytorch.properties",
            })
    void classesAndTheBoardsOwnSmallLibrariesAreKept(String entry) {
        assertTrue(JarParts.keeps(entry, Board.LINUX_ARM64), entry);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                TENSORS + "linux-x86_64-onednn-avx2/libnd4jcpu.so",
                "org/bytedeco/openblas/linux-x86_64/libopenblas.so.0",
                "org/bytedeco/javacpp/linux-x86_64/libjnijavacpp.so",
                "linux/amd64/libzstd-jni-1.5.6-10.so",
                "darwin/aarch64/libzstd-jni-1.5.6-10.dylib",
                "win/amd64/libzstd-jni-1.5.6-10.dll",
                "org/xerial/snappy/native/Mac/aarch64/libsnappyjava.dylib",
                "org/xerial/snappy/native/Windows/x86_64/snappyjava.dll",
                "net/jpountz/util/windows/amd64/liblz4-java.dll",
                "jnilib/linux-x86_64/cpu/libdjl_torch.so",
                "pytorch/cpu/linux-x86_64/libtorch_cpu.so",
                "native/lib/pytorch.properties",
            })
    void theLibrariesOfThisMachineAreLeftOut(String entry) {
        assertFalse(JarParts.keeps(entry, Board.LINUX_ARM64), entry);
    }

    @Test
    void ofAnArtifactOnlyLibrariesAreTaken() {
        assertTrue(JarParts.takes(TENSORS + "linux-arm64/libnd4jcpu.so"));
        assertTrue(JarParts.takes("pytorch/cpu/linux-aarch64/libtorch_cpu.so"));
        assertFalse(JarParts.takes("org/bytedeco/openblas/linux-arm64/include/lapacke.h"));
        assertFalse(JarParts.takes("META-INF/MANIFEST.MF"));
        assertFalse(JarParts.takes("META-INF/versions/9/module-info.class"));
    }

    @Test
    void anUnknownPlatformIsRefusedWithThoseThatThereAre() {
        String message =
                assertThrows(InputException.class, () -> Board.of("linux-riscv64")).getMessage();
        assertEquals(
                "--platform 'linux-riscv64' is not allowed; allowed: linux-x86_64, linux-arm64,"
                        + " macosx-arm64, windows-x86_64.",
                message);
    }

    @Test
    void aJarIsTheBuildsOwnWithOtherLibraries() throws IOException {
        Path base =
                jar(
                        "base.jar",
                        "META-INF/MANIFEST.MF",
                        "org/hermesml/A.class",
                        TENSORS + "linux-x86_64-onednn-avx2/libnd4jcpu.so");
        Path natives = jar("n.jar", "META-INF/MANIFEST.MF", TENSORS + "linux-arm64/libnd4jcpu.so");
        Path out = dir.resolve("out.jar");
        JarComposer.compose(
                base,
                entry -> JarParts.keeps(entry, Board.LINUX_ARM64),
                List.of(natives),
                JarParts::takes,
                out);
        List<String> names = new ArrayList<>();
        try (ZipFile zip = new ZipFile(out.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                names.add(entry.getName());
            }
            assertEquals(
                    List.of(
                            "META-INF/MANIFEST.MF",
                            "org/hermesml/A.class",
                            TENSORS + "linux-arm64/libnd4jcpu.so"),
                    names);
            byte[] manifest = zip.getInputStream(zip.getEntry(names.get(0))).readAllBytes();
            assertEquals(
                    "base.jar META-INF/MANIFEST.MF", new String(manifest, StandardCharsets.UTF_8));
        }
    }

    private Path jar(String name, String... entries) throws IOException {
        Path jar = dir.resolve(name);
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write((name + " " + entry).getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return jar;
    }
}
