package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.hermesml.cli.HermesCommand;
import org.hermesml.cli.local.LocalBroker;
import org.hermesml.cli.local.Ports;
import org.hermesml.training.NativeCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a person gets wrong: one sentence, exit code 2, and nothing left behind. */
class BadInputIT {
    private static final int IMAGES = 0x803;
    private static final int LABELS = 0x801;
    private static final Pattern LOG = Pattern.compile("^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO ");

    @TempDir Path dir;

    @Test
    void aSettingThatIsUnknownOrOutOfRangeIsNamed() {
        assertRefused(hermes("train", "--set", "alhpa=-1"), "alhpa", "did you mean 'alpha'");
        assertRefused(hermes("train", "--set", "beta=2"), "beta", "2", "0", "1");
        assertRefused(hermes("train", "--set", "samples=many"), "samples", "many");
        assertRefused(hermes("start", "--method", "hermse"), "method", "hermes", "bsp");
        assertRefused(hermes("train", "--target-accuracy", "97"), "target_accuracy", "1.1");
    }

    @Test
    void anOptionOrCommandThatIsUnknownIsNamed() {
        assertRefused(hermes("train", "--wrokers", "2"), "--wrokers", "'--workers'");
        assertRefused(hermes("trian"), "trian", "'train'");
        assertRefused(hermes("train", "--workers", "0"), "--workers 0", "1 to 64");
    }

    @Test
    void aMissingDataFileIsNamed() throws Exception {
        Path data = idxFolder();
        Files.delete(data.resolve("t10k-labels-idx1-ubyte"));
        assertRefused(evaluate(data), "t10k-labels-idx1-ubyte", data.toString());
    }

    @Test
    void aDataFileOfAnotherKindIsNamed() throws Exception {
        Path data = idxFolder();
        idx(data.resolve("t10k-images-idx3-ubyte"), LABELS, 10, 10);
        assertRefused(evaluate(data), "t10k-images-idx3-ubyte", "0x00000801", "0x00000803");
    }

    @Test
    void aTruncatedArrayFileAndARaggedTableAreNamed() throws Exception {
        Path arrays = dir.resolve("data.npz");
        Files.write(arrays, new byte[] {'P', 'K', 3, 4, 20, 0, 0, 0});
        assertRefused(evaluate(arrays), arrays.toString(), "truncated");
        Path table = Files.writeString(dir.resolve("data.csv"), "a,kind\n1,x\n2,x,3\n");
        assertRefused(evaluate(table), "Line 3 of " + table, "3 cells");
    }

    @Test
    void aTruncatedDataFileStopsTrainingBeforeItBegins() throws Exception {
        Path data = idxFolder();
        idx(data.resolve("train-images-idx3-ubyte"), IMAGES, 50, 49 * 28 * 28, 28, 28);
        Path out = dir.resolve("out");
        Launched train =
                Hermes.run(dir, "train", "--dataset", data.toString(), "--out", out.toString());
        assertRefused(train, "train-images-idx3-ubyte", "50", "49");
        assertFalse(Files.exists(out), "a half-written run folder is left");
    }

    @Test
    void aModelThatDoesNotFitTheDataStopsTrainingBeforeItBegins() throws Exception {
        Path model = dir.resolve("narrow.zip");
        NativeCache.use(NativeCache.standard());
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .list()
                                .layer(new OutputLayer.Builder().nIn(100).nOut(10).build())
                                .build());
        network.init();
        ModelSerializer.writeModel(network, model.toFile(), true);
        network.close();
        Path out = dir.resolve("out");
        Launched train =
                Hermes.run(dir, "train", "--model", model.toString(), "--out", out.toString());
        assertRefused(train, "model", "[1, 28, 28]");
        assertFalse(Files.exists(out), "a half-written run folder is left");
    }

    @Test
    void aFolderWithSomethingInItIsNotTrainedInto() throws Exception {
        Path out = Files.createDirectories(dir.resolve("out"));
        Files.writeString(out.resolve("thesis.txt"), "do not lose");
        assertRefused(hermes("train", "--out", out.toString()), out.toString(), "not empty");
        assertEquals("do not lose", Files.readString(out.resolve("thesis.txt")));
    }

    @Test
    void aBrokerThatDoesNotAnswerIsNamed() throws Exception {
        String nobody = "localhost:" + Ports.free();
        assertRefused(hermes("runs", "--bootstrap", nobody), nobody, "./hermes broker");
        assertRefused(device("--id", "pi-3", "--bootstrap", nobody), nobody, "--bootstrap");
    }

    @Test
    void aClusterThatDoesNotAnswerIsNamed() throws Exception {
        String nobody = "http://localhost:" + Ports.free();
        assertRefused(hermes("submit", "--flink", nobody), nobody, "./hermes cluster start");
    }

    @Test
    void aMissingTopicIsNamed() throws Exception {
        try (LocalBroker broker = LocalBroker.start(dir.resolve("broker"))) {
            broker.awaitReady();
            String at = broker.bootstrap();
            assertRefused(hermes("runs", "--bootstrap", at), "hermes.runs", "./hermes submit");
            assertRefused(hermes("start", "--bootstrap", at), "hermes.runs", "./hermes submit");
            assertRefused(device("--id", "pi-3", "--bootstrap", at), "hermes.runs", "submit");
        }
    }

    @Test
    void aPortInUseIsNamedAndNothingIsStarted() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            String port = Integer.toString(taken.getLocalPort());
            Path folder = dir.resolve("server");
            assertRefused(
                    hermes("broker", "--port", port, "--dir", folder.toString()), port, "--port");
            assertRefused(
                    hermes("cluster", "start", "--rest-port", port, "--dir", folder.toString()),
                    port,
                    "--rest-port");
            assertFalse(Files.exists(folder), "a half-made folder is left");
        }
    }

    private record Refusal(int code, String err) {}

    /** In this program, as the launcher runs it in its own. */
    private static Refusal hermes(String... words) {
        StringWriter err = new StringWriter();
        CommandLine line = HermesCommand.commandLine().setErr(new PrintWriter(err, true));
        List<ProcessHandle> before = ProcessHandle.current().children().toList();
        int code = line.execute(words);
        List<ProcessHandle> left =
                ProcessHandle.current().children().filter(p -> !before.contains(p)).toList();
        assertEquals(List.of(), left, "a process is left");
        return new Refusal(code, err.toString());
    }

    private Launched evaluate(Path data) throws Exception {
        return device("evaluate", "--model", "mlp", "--dataset", data.toString());
    }

    private Launched device(String... words) throws Exception {
        return Hermes.device(dir, "device", words).ended();
    }

    private static void assertRefused(Launched launched, String... named) {
        assertEquals(List.of(), launched.leftRunning());
        launched.expect(2);
        // a device's log goes to standard error, too
        String said =
                launched.err()
                        .lines()
                        .filter(line -> !LOG.matcher(line).find())
                        .collect(Collectors.joining("\n"));
        assertRefused(new Refusal(2, said), named);
    }

    /** One line, and in it what the person has to know. */
    private static void assertRefused(Refusal refusal, String... named) {
        assertEquals(2, refusal.code, refusal.err);
        assertEquals(1, refusal.err.lines().count(), refusal.err);
        for (String word : named) {
            assertTrue(refusal.err.contains(word), () -> "no '" + word + "' in: " + refusal.err);
        }
    }

    private Path idxFolder() throws IOException {
        Path folder = Files.createDirectories(dir.resolve("data"));
        idx(folder.resolve("train-images-idx3-ubyte"), IMAGES, 50, 50 * 28 * 28, 28, 28);
        idx(folder.resolve("train-labels-idx1-ubyte"), LABELS, 50, 50);
        idx(folder.resolve("t10k-images-idx3-ubyte"), IMAGES, 10, 10 * 28 * 28, 28, 28);
        idx(folder.resolve("t10k-labels-idx1-ubyte"), LABELS, 10, 10);
        return folder;
    }

    /** An IDX file that announces {@code count} entries and holds {@code bytes} bytes of them. */
    private static void idx(Path file, int magic, int count, int bytes, int... sizes)
            throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeInt(magic);
            out.writeInt(count);
            for (int size : sizes) {
                out.writeInt(size);
            }
            for (int i = 0; i < bytes; i++) {
                out.writeByte(i % 10);
            }
        }
    }
}
