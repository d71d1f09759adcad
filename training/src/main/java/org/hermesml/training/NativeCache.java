package org.hermesml.training;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import org.hermesml.core.InputException;
import org.hermesml.training.dl4j.Dl4jRuntime;

/**
 * Where the native libraries are unpacked (about 400 MB): one folder for all processes of this
 * machine that run the same build, so that only the first one unpacks, and another for another
 * build, so that none overwrites a library in use.
 */
public final class NativeCache {
    private static final String PROPERTY = "org.bytedeco.javacpp.cachedir";
    private static volatile Path shared = standard();

    /** In the person's home. */
    public static Path standard() {
        return Path.of(System.getProperty("user.home"), ".hermes", "native");
    }

    /**
     * To be called before anything else of this module; loads the libraries. The first process
     * unpacks while others wait for it. A folder given by {@code -Dorg.bytedeco.javacpp.cachedir}
     * stands.
     *
     * @param above holds one folder for each build
     * @return the folder in use
     * @throws InputException when it cannot be written
     */
    public static Path use(Path above) {
        String given = System.getProperty(PROPERTY);
        shared = given == null ? above.toAbsolutePath() : Path.of(given).toAbsolutePath();
        if (given != null) {
            Dl4jRuntime.start();
            return Path.of(given);
        }
        if (Dl4jRuntime.isStarted()) {
            throw new IllegalStateException(
                    "The native libraries are loaded already, from elsewhere");
        }
        try {
            Path folder = above.toAbsolutePath().resolve(key());
            Files.createDirectories(folder);
            System.setProperty(PROPERTY, folder.toString());
            Path ready = folder.resolve("ready");
            if (Files.exists(ready)) {
                Dl4jRuntime.start();
            } else {
                warm(folder, ready);
            }
            return folder;
        } catch (IOException e) {
            throw new InputException(
                    "The folder "
                            + above
                            + " for native libraries cannot be written ("
                            + e
                            + "): it needs 400 MB; name another by -D"
                            + PROPERTY
                            + "=DIR.",
                    e);
        }
    }

    /**
     * For libraries that are not part of the build and have folders of their own below this one:
     * the folder that {@link #use} was given, else the standard one.
     */
    public static Path shared() {
        return shared;
    }

    private static void warm(Path folder, Path ready) throws IOException {
        alone(folder.resolve("warming"), Dl4jRuntime::start);
        if (!Files.exists(ready)) {
            Files.write(ready, new byte[0]);
        }
    }

    /**
     * Loads what unpacks itself while other processes wait that would unpack the same.
     *
     * @param lock a file that is made for it
     */
    public static void alone(Path lock, Runnable loading) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(
                                lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (held.isValid()) {
                loading.run();
            }
        }
    }

    /** Names the build by what its libraries are: jar, name, size, checksum and time of each. */
    private static String key() throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        String platform = platform();
        for (String library : libraries(platform)) {
            URL url = NativeCache.class.getClassLoader().getResource(library);
            String identity = String.valueOf(url);
            if (url != null && url.openConnection() instanceof JarURLConnection connection) {
                JarEntry entry = connection.getJarEntry();
                Path jar = Path.of(connection.getJarFile().getName()).getFileName();
                identity =
                        jar
                                + " "
                                + library
                                + " "
                                + entry.getSize()
                                + " "
                                + entry.getCrc()
                                + " "
                                + entry.getTime();
            }
            digest.update(identity.getBytes(StandardCharsets.UTF_8));
        }
        return platform + "-" + HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    /**
     * As the loader of the libraries names it; the loader itself would settle on a folder when
     * asked.
     */
    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch");
        return (system.startsWith("windows")
                        ? "windows"
                        : system.startsWith("mac") ? "macosx" : "linux")
                + "-"
                + (processor.equals("amd64")
                        ? "x86_64"
                        : processor.equals("aarch64") ? "arm64" : processor);
    }

    private static List<String> libraries(String platform) {
        String bindings = "org/nd4j/linalg/cpu/nativecpu/bindings/";
        String core = System.mapLibraryName("nd4jcpu");
        return List.of(
                bindings + platform + "/" + core,
                bindings + platform + "-onednn-avx2/" + core,
                "org/bytedeco/openblas/"
                        + platform
                        + "/"
                        + System.mapLibraryName("jniopenblas_nolapack"),
                "org/bytedeco/javacpp/" + platform + "/" + System.mapLibraryName("jnijavacpp"));
    }

    private NativeCache() {}
}
