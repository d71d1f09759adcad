package org.hermesml.training.torch;

import static org.hermesml.training.torch.TorchNets.DIGITS;
import static org.hermesml.training.torch.TorchNets.OTHERS;
import static org.hermesml.training.torch.TorchNets.builtIn;
import static org.hermesml.training.torch.TorchNets.open;
import static org.hermesml.training.torch.TorchNets.withEverything;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.hermesml.training.Engine;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.data.Shuffle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SavedTorchFileTest {
    @TempDir private Path dir;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSavedFileScoresTheSameAndTrainsOn(boolean batchNormalisation) {
        byte[] file = batchNormalisation ? withEverything() : builtIn("cnn", 0.1).bytes();
        try (Engine engine = open(file)) {
            engine.train(DIGITS, Shuffle.identity(200), 2, 16, 3);
            Evaluation here = engine.evaluate(OTHERS);
            try (Engine again = open(engine.save())) {
                assertEquals(here, again.evaluate(OTHERS));
                assertArrayEquals(engine.parameters(), again.parameters());
                again.train(DIGITS, Shuffle.identity(200), 2, 16, 4);
                assertTrue(again.evaluate(OTHERS).loss() < here.loss());
            }
        }
    }

    /** What torch itself would find in it: the code is as it was, statistics are buffers. */
    @Test
    void theSavedFileDeclaresStatisticsAsBuffersAgain() throws IOException {
        try (Engine engine = open(withEverything())) {
            String code = code(engine.save());
            assertTrue(
                    code.contains(
                            "__buffers__ = [\"running_mean\", \"running_var\","
                                    + " \"num_batches_tracked\", ]"),
                    code);
            assertTrue(code.contains("__parameters__ = [\"weight\", \"bias\", ]"), code);
        }
    }

    private String code(byte[] file) throws IOException {
        StringBuilder code = new StringBuilder();
        try (ZipFile zip = new ZipFile(Files.write(dir.resolve("saved.pt"), file).toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.getName().endsWith(".py")) {
                    byte[] bytes = zip.getInputStream(entry).readAllBytes();
                    code.append(new String(bytes, StandardCharsets.UTF_8));
                }
            }
        }
        return code.toString();
    }
}
