package org.hermesml.training.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipOutputStream;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.EngineNames;
import org.hermesml.training.EngineTerms;
import org.hermesml.training.Engines;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.Models;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchFileTest {
    private static final int[] SHAPE = {1, 28, 28};

    @TempDir private Path dir;

    @Test
    void aTorchScriptFileIsKnownByItsContent() throws IOException {
        Path file = Files.write(dir.resolve("model.bin"), mlp());
        assertEquals(Engines.TORCHSCRIPT, Models.open(file.toString(), SHAPE, 10, 0.1, 1).format());
        byte[] dl4j = Models.named("mlp", SHAPE, 10, 0.1, 1).bytes();
        assertFalse(TorchFormat.isTorch(dl4j));
        assertFalse(TorchFormat.isTorch(new byte[0]));
        assertFalse(TorchFormat.isTorch("no zip at all".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatIsNoTorchScriptFileIsRefusedInOneSentenceThatSaysHowToMakeOne() throws IOException {
        byte[] stateDict =
                zip("model/data.pkl", "model/byteorder", "model/data/0", "model/version");
        refused(stateDict, SHAPE, 10, "tensors but no network (a state_dict or a pickled module)");
        refused(stateDict, SHAPE, 10, "torch.jit.script(model).save(\"model.pt\")");
        refused(new byte[] {(byte) 0x80, 2, (byte) 0x8a, 10}, SHAPE, 10, "old format");
        byte[] good = mlp();
        refused(Arrays.copyOf(good, good.length / 2), SHAPE, 10, "truncated or damaged");
        byte[] other = good.clone();
        // the pickle itself
        int at = new String(good, StandardCharsets.ISO_8859_1).indexOf("__torch__");
        other[at] = 'x';
        refused(other, SHAPE, 10, "no TorchScript file that PyTorch 2.7 can open");
    }

    @Test
    void aModelThatDoesNotFitTheDataIsRefusedInOneSentence() {
        refused(mlp(), new int[] {3, 32, 32}, 10, "samples of shape [3, 32, 32]");
        refused(mlp(), SHAPE, 26, "[3, 10] for 3 samples where the data set has 26 classes");
        byte[] cnn = TorchModels.make("cnn", SHAPE, 10, 1);
        refused(cnn, new int[] {46}, 10, "does not take the data set's samples of shape [46]");
    }

    @Test
    void aWrongPairOfModelAndEngineIsRefusedInOneSentence() {
        ModelDefinition torch = new ModelDefinition(Engines.TORCHSCRIPT, mlp());
        ModelDefinition dl4j = Models.named("cnn", SHAPE, 10, 0.1, 1);
        for (String engine : new String[] {EngineNames.DL4J, EngineNames.DENSE}) {
            assertTrue(
                    message(() -> Engines.open(torch, EngineTerms.plain(1).with(engine)))
                            .contains("engine=" + engine + " does not take"));
        }
        assertTrue(
                message(() -> Engines.open(dl4j, EngineTerms.plain(1).with(EngineNames.PYTORCH)))
                        .contains("needs a TorchScript file"));
        assertTrue(
                message(() -> Engines.open(dl4j, EngineTerms.plain(1).with(EngineNames.DENSE)))
                        .contains("a layer of the kind ConvolutionLayer"));
    }

    private static byte[] mlp() {
        return TorchModels.make("mlp", SHAPE, 10, 1);
    }

    private void refused(byte[] bytes, int[] shape, int classes, String why) {
        String message =
                message(
                        () ->
                                Models.open(
                                        Files.write(dir.resolve("m.pt"), bytes).toString(),
                                        shape,
                                        classes,
                                        0.1,
                                        1));
        assertTrue(message.contains(why), message);
        assertTrue(message.endsWith(".") && message.lines().count() == 1, message);
    }

    private static String message(org.junit.jupiter.api.function.Executable executable) {
        return assertThrows(InputException.class, executable).getMessage();
    }

    private static byte[] zip(String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (String name : names) {
                TorchZip.put(out, name, new byte[] {1}, bytes.size());
            }
        }
        return bytes.toByteArray();
    }
}
