package org.hermesml.training.torch;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.hermesml.core.InputException;

/** TorchScript files: a zip with the model's code, its structure and its tensors. */
public final class TorchFile {
    private static final String HOW =
            "save it in Python by torch.jit.script(model).save(\"model.pt\")";

    /**
     * @throws InputException when the bytes are no TorchScript file
     */
    static PtSymbolBlock read(byte[] bytes, PtNDManager manager) {
        if (TorchFormat.isPickle(bytes)) {
            throw new InputException(
                    "The model is a pickle of torch's old format, which holds no network: "
                            + HOW
                            + ".");
        }
        try {
            Path file = Files.createTempFile("hermes-model", ".pt");
            try {
                Files.write(file, bytes);
                if (check(file)) {
                    Files.write(file, Statistics.asParameters(file));
                }
                return JniUtils.loadModule(
                        manager, file, false, new String[0], new String[0], true);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (EngineException e) {
            throw new InputException(
                    "The model is no TorchScript file that PyTorch 2.7 can open: "
                            + TorchErrors.reason(e)
                            + ".",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("A model could not be put into a temporary file", e);
        }
    }

    /** The module as torch reads it, in evaluation mode. */
    static byte[] write(PtSymbolBlock block, boolean withStatistics) {
        JniUtils.enableInferenceMode(block);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JniUtils.writeModule(block, out, false);
        return withStatistics ? Statistics.asBuffers(out.toByteArray()) : out.toByteArray();
    }

    /** Returns whether the network keeps statistics. */
    private static boolean check(Path file) throws IOException {
        List<String> names = new ArrayList<>();
        boolean statistics = false;
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                names.add(entry.getName());
                statistics |= Statistics.isIn(entry, zip);
            }
        } catch (ZipException e) {
            throw new InputException(
                    "The model's file is truncated or damaged: " + e.getMessage() + ".", e);
        }
        if (names.stream().noneMatch(name -> name.contains("/code/"))) {
            throw new InputException(
                    "The model holds tensors but no network (a state_dict or a pickled module): "
                            + HOW
                            + ".");
        }
        return statistics;
    }

    private TorchFile() {}
}
