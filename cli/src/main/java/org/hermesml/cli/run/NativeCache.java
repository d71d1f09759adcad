package org.hermesml.cli.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.core.InputException;

/**
 * Where the engine unpacks its native libraries: one folder for all processes on this machine, so
 * that they are unpacked once. It is named after the libraries in the jar: another build of the
 * same libraries finds them unpacked, others get a folder of their own.
 */
final class NativeCache {
    /**
     * @throws InputException when the jar is missing or broken
     */
    static Path folder(HermesHome home, Path jar) {
        Path above = home.state().resolve("native");
        try {
            Files.createDirectories(above);
        } catch (IOException e) {
            // an installation that only others may write to
            above =
                    Path.of(
                            System.getProperty("java.io.tmpdir"),
                            "hermes-native-" + System.getProperty("user.name"));
        }
        return above.resolve(digest(jar));
    }

    /**
     * Of names and checksums in the jar's directory; reading the libraries themselves would take a
     * second.
     */
    static String digest(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw new InputException(
                    "The worker's program "
                            + jar
                            + " is missing; build it with mvn -DskipTests package.");
        }
        CRC32C crc = new CRC32C();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements(); ) {
                ZipEntry entry = e.nextElement();
                if (entry.getName().matches(".*\\.(so|dylib|dll)(\\.\\d+)*")) {
                    crc.update(
                            (entry.getName() + ":" + entry.getCrc())
                                    .getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            throw new InputException(
                    "The worker's program "
                            + jar
                            + " cannot be read ("
                            + e.getMessage()
                            + "); build it anew with mvn -DskipTests package.",
                    e);
        }
        return String.format("%08x", crc.getValue());
    }

    private NativeCache() {}
}
