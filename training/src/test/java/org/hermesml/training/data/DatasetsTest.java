package org.hermesml.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.hermesml.core.DataFolders;
import org.hermesml.core.InputException;
import org.hermesml.core.TableOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {
    @TempDir Path dir;

    private static Dataset open(String nameOrPath, Path named, Path variable) {
        return Datasets.open(
                nameOrPath, new DataFolders(named, variable, null), 1, TableOptions.DEFAULT);
    }

    private Path folder;

    @BeforeEach
    void writeASmallSet() throws IOException {
        folder = Files.createDirectory(dir.resolve("mnist"));
        write("train-images-idx3-ubyte", false, images(3));
        write("train-labels-idx1-ubyte", true, labels(0, 1, 2));
        write("t10k-images-idx3-ubyte", true, images(2));
        write("t10k-labels-idx1-ubyte", false, labels(2, 4));
    }

    @Test
    void plainAndCompressedFilesAreFoundInTheFolderOrBelowIt() {
        for (Path given : new Path[] {folder, dir}) {
            Dataset mnist = open("mnist", given, null);
            assertEquals("mnist", mnist.name());
            assertEquals(3, mnist.train().count());
            assertEquals(2, mnist.test().count());
            assertEquals(5, mnist.train().classCount());
            assertArrayEquals(new int[] {1, 2, 3}, mnist.train().featureShape());
            float[] features = new float[6];
            mnist.train().features(1, features, 0);
            assertEquals(6 / 255f, features[0], 1e-7);
            assertEquals(4, mnist.test().label(1));
        }
        assertEquals(3, open("mnist", null, dir).train().count());
        assertEquals("mnist", open(folder.toString(), null, null).name());
    }

    @Test
    void anAbsentSetNamesTheFilesAndWhereTheyWereSought() {
        String message = refusal("mnist", dir.resolve("nowhere"));
        for (String file : IdxFolder.FILES) {
            assertTrue(message.contains(file), message);
        }
        assertTrue(message.contains("nowhere (no such folder)"), message);
        assertTrue(refusal("mnits", null).contains("'mnits'"));
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(folder.resolve("train-labels-idx1-ubyte.gz"));
        assertTrue(refusal().contains("lacks train-labels-idx1-ubyte"), refusal());
    }

    @Test
    void truncatedFilesAreRefused() throws IOException {
        write("train-images-idx3-ubyte", false, Arrays.copyOf(images(3), 16 + 11));
        assertTrue(
                refusal().contains("is truncated: it announces 3 images but ends after 1"),
                refusal());
        write("train-images-idx3-ubyte", false, Arrays.copyOf(images(3), 9));
        assertTrue(refusal().contains("is truncated"), refusal());
        write("train-images-idx3-ubyte", false, images(3));
        Path labels = folder.resolve("train-labels-idx1-ubyte.gz");
        byte[] compressed = Files.readAllBytes(labels);
        Files.write(labels, Arrays.copyOf(compressed, compressed.length - 12));
        assertTrue(refusal().contains("is truncated"), refusal());
    }

    @Test
    void anotherKindOfFileIsRefused() throws IOException {
        write("train-labels-idx1-ubyte", true, images(3));
        assertTrue(
                refusal()
                        .contains(
                                "begins with 0x00000803 where an IDX file of labels begins with 0x00000801"));
    }

    @Test
    void imagesWithoutLabelsAreRefused() throws IOException {
        write("t10k-labels-idx1-ubyte", false, labels(1, 2, 3));
        assertTrue(
                refusal().contains("holds 2 images") && refusal().contains(" 3 labels"), refusal());
    }

    @Test
    void aHeaderThatLiesCostsNoMemory() throws IOException {
        byte[] huge = images(3);
        huge[4] = 0x7f;
        write("train-images-idx3-ubyte", false, huge);
        assertTrue(refusal().contains("announces"), refusal());
    }

    private String refusal() {
        return refusal("mnist", folder);
    }

    private String refusal(String name, Path given) {
        String message =
                assertThrows(InputException.class, () -> open(name, given, null)).getMessage();
        assertTrue(message.endsWith(".") && message.lines().count() == 1, message);
        return message;
    }

    private void write(String name, boolean compressed, byte[] bytes) throws IOException {
        if (!compressed) {
            Files.write(folder.resolve(name), bytes);
            return;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        Files.write(folder.resolve(name + ".gz"), out.toByteArray());
    }

    /** Images of 2x3 pixels that count up from 0. */
    private static byte[] images(int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0x803);
        out.writeInt(count);
        out.writeInt(2);
        out.writeInt(3);
        for (int i = 0; i < 6 * count; i++) {
            out.write(i);
        }
        return bytes.toByteArray();
    }

    private static byte[] labels(int... labels) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0x801);
        out.writeInt(labels.length);
        for (int label : labels) {
            out.write(label);
        }
        return bytes.toByteArray();
    }
}
