package org.hermesml.training.dl4j;

import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.CrashReportingUtil;
import org.hermesml.training.FastPath;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** The native library of this process: loaded once, with the settings that a small device needs. */
public final class Dl4jRuntime {
    private static final String HELPERS_OFF = "org.eclipse.deeplearning4j.helpers.disable";
    private static final String PHYSICAL_LIMIT = "org.bytedeco.javacpp.maxphysicalbytes";
    private static boolean started;

    /**
     * Loads the library and sets its threads; may be called again, also with another number.
     *
     * @param threads for one operation; {@code java -jar} sets none, and the library would take all
     *     cores
     */
    public static synchronized void start(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, not " + threads);
        }
        load();
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
        Nd4j.getEnvironment().setMaxThreads(threads);
        Nd4j.getEnvironment().setMaxMasterThreads(threads);
        Nd4j.factory().blas().setMaxThreads(threads);
    }

    /** Loads the library with one thread, unless it is there already. */
    public static synchronized void start() {
        if (!started) {
            start(1);
        }
    }

    public static synchronized boolean isStarted() {
        return started;
    }

    private static void load() {
        if (!started) {
            System.setProperty("org.nd4j.log.initialization", "false");
            if (System.getProperty(PHYSICAL_LIMIT) == null) {
                // three times the heap by default, read anew at each small allocation (a tenth of a
                // step), and an
                // OutOfMemoryError for every process with a small heap, though most of what it
                // counts is the library
                System.setProperty(PHYSICAL_LIMIT, "0");
            }
            setHelpers(true);
            // writes files into the working directory and needs a hardware probe that is left out
            CrashReportingUtil.crashDumpsEnabled(false);
            // every array that outlives a workspace is closed by hand, so no collection by the
            // clock is needed
            Nd4j.getMemoryManager().togglePeriodicGc(false);
            started = true;
        }
    }

    /**
     * Read by each layer when it is made. Callers hold this class's lock until the network is made.
     *
     * @param on false for networks with channels last, which become NaN on oneDNN
     */
    static void setHelpers(boolean on) {
        System.setProperty(HELPERS_OFF, Boolean.toString(!on));
    }

    /** Makes a network with channels last, of whatever origin. */
    public static synchronized <T> T withoutHelpers(Supplier<T> making) {
        setHelpers(false);
        try {
            return making.get();
        } finally {
            setHelpers(true);
        }
    }

    /**
     * Makes a convolution and looks whether it got the fast library, rather than trusting a flag.
     */
    public static synchronized FastPath fastPath() {
        String platform = Loader.getPlatform();
        boolean wanted = platform.equals("linux-x86_64");
        setHelpers(true);
        MultiLayerNetwork probe =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .list()
                                .layer(new ConvolutionLayer.Builder(2, 2).nOut(1).build())
                                .layer(new OutputLayer.Builder().nOut(2).build())
                                .setInputType(InputType.convolutional(4, 4, 1))
                                .build());
        probe.init();
        boolean active =
                ((org.deeplearning4j.nn.layers.convolution.ConvolutionLayer) probe.getLayer(0))
                                .getHelper()
                        != null;
        probe.close();
        int threads = NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads();
        String library =
                active
                        ? "oneDNN active"
                        : wanted
                                ? "oneDNN NOT active although this platform has it: convolutions run at about a tenth of their"
                                        + " speed; build with the nd4j-native classifier linux-x86_64-onednn-avx2"
                                : "no oneDNN for this platform: convolutions run at about a tenth of the speed";
        return new FastPath(wanted, active, platform + ", " + library + ", threads " + threads);
    }

    private Dl4jRuntime() {}
}
