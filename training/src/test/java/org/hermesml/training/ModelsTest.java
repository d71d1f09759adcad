package org.hermesml.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.hermesml.core.BuiltIns;
import org.hermesml.core.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsTest {
    private static final int[] SHAPE = {1, 28, 28};
    private static final int[] COLOURS = {3, 32, 32};

    @TempDir Path dir;

    @Test
    void theBuiltInModelsHaveTheSizeThatTheyClaim() {
        assertEquals(109_386, parameterCount("mlp", SHAPE));
        assertEquals(109_490, parameterCount("cnn", SHAPE));
        assertEquals(988_858, parameterCount("alexnet", COLOURS));
    }

    @Test
    void everyBuiltInModelIsMadeForTheImagesAtHand() {
        for (String name : BuiltIns.MODELS) {
            for (int[] shape : new int[][] {SHAPE, COLOURS}) {
                Models.check(Models.named(name, shape, 10, 0.1, 1), shape, 10);
            }
        }
    }

    @Test
    void aModelFileIsTakenAsItIs() throws IOException {
        byte[] bytes = Models.named("mlp", SHAPE, 10, 0.1, 1).bytes();
        Path file = Files.write(dir.resolve("model.zip"), bytes);
        assertEquals(bytes.length, Models.open(file.toString(), SHAPE, 10, 0.1, 1).bytes().length);
    }

    @Test
    void whatIsNoModelIsRefusedInOneSentence() throws IOException {
        refused("mpl", SHAPE, 10, "'mpl' is neither built in (mlp, cnn, alexnet) nor a file");
        Path text = Files.writeString(dir.resolve("notes.zip"), "no zip at all");
        refused(text.toString(), SHAPE, 10, "no ModelSerializer zip");
        byte[] good = Models.named("mlp", SHAPE, 10, 0.1, 1).bytes();
        Path half =
                Files.write(
                        dir.resolve("half.zip"), java.util.Arrays.copyOf(good, good.length / 2));
        refused(half.toString(), SHAPE, 10, "truncated");
        assertThrows(
                InputException.class,
                () -> Engines.open(new ModelDefinition("torch", new byte[0]), 1));
    }

    @Test
    void aModelThatDoesNotFitTheDataIsRefusedInOneSentence() throws IOException {
        Path mlp =
                Files.write(dir.resolve("m.zip"), Models.named("mlp", SHAPE, 10, 0.1, 1).bytes());
        Path cnn =
                Files.write(dir.resolve("c.zip"), Models.named("cnn", SHAPE, 10, 0.1, 1).bytes());
        refused(
                mlp.toString(),
                new int[] {3, 32, 32},
                10,
                "does not take the data set's samples of shape [3, 32, 32]");
        refused(
                cnn.toString(),
                new int[] {3, 28, 28},
                10,
                "does not take the data set's samples of shape [3, 28, 28]");
        refused(
                cnn.toString(),
                new int[] {46},
                10,
                "does not take the data set's samples of shape [46]");
        refused(
                mlp.toString(),
                SHAPE,
                26,
                "10 numbers for a sample where the data set has 26 classes");
        refused("cnn", new int[] {46}, 6, "cnn takes images of at least 16x16");
        refused("alexnet", new int[] {3, 8, 32}, 6, "alexnet takes images of at least 16x16");
    }

    @Test
    void aForeignJavaObjectInAModelIsNeverRead() throws IOException {
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(object)) {
            out.writeObject(new Trap());
        }
        byte[] good = Models.named("mlp", SHAPE, 10, 0.1, 1).bytes();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(good));
                ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                in.transferTo(out);
            }
            out.putNextEntry(new ZipEntry("preprocessor.bin"));
            out.write(object.toByteArray());
        }
        Engines.open(new ModelDefinition(Engines.DL4J, bytes.toByteArray()), 1).close();
        assertEquals(false, Trap.SPRUNG.get());
    }

    @Test
    void theFastLibraryIsActiveWhereThereIsOne() {
        FastPath path = Engines.checkFastPath(1);
        assertEquals(path.wanted(), path.active(), path.description());
        assertTrue(path.description().contains("threads 1"), path.description());
    }

    private static int parameterCount(String name, int[] shape) {
        try (Engine engine = Engines.open(Models.named(name, shape, 10, 0.1, 1), 1)) {
            return engine.parameterCount();
        }
    }

    private static void refused(String name, int[] shape, int classes, String why) {
        String message =
                assertThrows(InputException.class, () -> Models.open(name, shape, classes, 0.1, 1))
                        .getMessage();
        assertTrue(message.contains(why), message);
        assertTrue(message.endsWith(".") && message.lines().count() == 1, message);
    }

    /** Tells when it is deserialised. */
    private static final class Trap implements java.io.Serializable {
        static final AtomicBoolean SPRUNG = new AtomicBoolean();

        private void readObject(java.io.ObjectInputStream in) {
            SPRUNG.set(true);
        }
    }
}
