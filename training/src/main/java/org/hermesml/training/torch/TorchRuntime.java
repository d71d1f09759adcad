package org.hermesml.training.torch;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hermesml.core.InputException;
import org.hermesml.training.NativeCache;

/**
 * PyTorch's own library, reached through DJL. Its jar is apart from the worker's, for most devices
 * do without; nothing is fetched when it is absent.
 */
public final class TorchRuntime {
    /** Beside the worker's jar, which names it in its manifest. */
    public static final String JAR = "hermes-pytorch.jar";

    private static final String NATIVES = "native/lib/pytorch.properties";
    private static boolean started;
    private static int threads = 1;

    /**
     * Loads the library, once, and sets its threads, also later.
     *
     * @param wanted threads of one operation, for the whole process
     * @throws InputException when the library is not here, or not for this platform
     */
    public static synchronized void start(int wanted) {
        if (wanted < 1) {
            throw new IllegalArgumentException("threads must be at least 1, not " + wanted);
        }
        if (!started) {
            if (!isHere()) {
                throw new InputException(
                        "The model is a TorchScript file, and the PyTorch engine is not here: put "
                                + JAR
                                + " (made by the build in edge-worker/target, and for other boards by"
                                + " `hermes package`) beside "
                                + here()
                                + ".");
            }
            load(NativeCache.shared());
            started = true;
        }
        threads = wanted;
        useThreads();
    }

    /** Whether the jar with the library is on the class path. */
    public static boolean isHere() {
        return TorchRuntime.class.getClassLoader().getResource(NATIVES) != null;
    }

    /** The number is each thread's own: to be called before work on a thread. */
    static void useThreads() {
        JniUtils.setNumThreads(threads);
    }

    private static void load(Path folder) {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ENGINE_CACHE_DIR", folder.toString());
        try {
            Files.createDirectories(folder);
            NativeCache.alone(folder.resolve("warming-pytorch"), () -> Engine.getEngine("PyTorch"));
        } catch (IOException e) {
            throw new InputException(
                    "The folder "
                            + folder
                            + " for PyTorch's libraries cannot be written ("
                            + e
                            + "): it needs 450 MB.",
                    e);
        } catch (EngineException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new InputException(
                    "PyTorch's library cannot be loaded ("
                            + cause.getMessage()
                            + "): "
                            + JAR
                            + " must be the one for "
                            + System.getProperty("os.name")
                            + " on "
                            + System.getProperty("os.arch")
                            + ".",
                    e);
        }
    }

    private static Path here() {
        try {
            return Path.of(
                    TorchRuntime.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            return Path.of("hermes-edge-worker.jar");
        }
    }

    private TorchRuntime() {}
}
