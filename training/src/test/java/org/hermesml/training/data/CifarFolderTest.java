package org.hermesml.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.hermesml.core.DataFolders;
import org.hermesml.core.InputException;
import org.hermesml.core.TableOptions;
import org.hermesml.core.message.SampleType;
import org.hermesml.training.Samples;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarFolderTest {
    private static final int RECORD_BYTES = 3073;

    @TempDir Path dir;

    private static Dataset open(String nameOrPath, Path named, Path variable) {
        return Datasets.open(
                nameOrPath, new DataFolders(named, variable, null), 1, TableOptions.DEFAULT);
    }

    private Path folder;

    @BeforeEach
    void writeASmallSet() throws IOException {
        folder = Files.createDirectory(dir.resolve("cifar-10"));
        write("data_batch_1.bin", records(3, 1, 4));
        write("data_batch_2.bin.gz", packed(records(5, 9)));
        write("test_batch.bin.gz", packed(records(0, 2, 7)));
    }

    @Test
    void plainAndCompressedBatchesAreJoinedInTheirOrder() {
        for (Path given : new Path[] {folder, dir}) {
            Dataset cifar = open("cifar-10", given, null);
            assertEquals("cifar-10", cifar.name());
            assertArrayEquals(new int[] {3, 1, 4, 5, 9}, labels(cifar.train()));
            assertArrayEquals(new int[] {0, 2, 7}, labels(cifar.test()));
        }
        assertEquals(5, open("cifar-10", null, dir).train().count());
        assertEquals(5, open(folder.toString(), null, null).train().count());
    }

    @Test
    void pixelsKeepTheirBytesWithTheChannelsFirst() {
        Samples train = open("cifar-10", folder, null).train();
        assertArrayEquals(new int[] {3, 32, 32}, train.featureShape());
        assertEquals(10, train.classCount());
        assertEquals(SampleType.UINT8, train.storedType());
        float[] features = new float[3072];
        train.features(1, features, 0);
        // record 1 holds its position and the plane's number in the first byte of each plane
        assertEquals((10 + 1) / 255f, features[0], 1e-7);
        assertEquals((20 + 1) / 255f, features[1024], 1e-7);
        assertEquals((30 + 1) / 255f, features[2048], 1e-7);
    }

    @Test
    void theFolderThatTheArchiveUnpacksToIsFoundBelowTheNamedOne() throws IOException {
        Path above = Files.createDirectory(dir.resolve("downloads"));
        Files.move(folder, above.resolve("cifar-10-batches-bin"));
        for (String asked : new String[] {"cifar-10", above.toString()}) {
            assertEquals(5, open(asked, above, null).train().count());
        }
    }

    @Test
    void aSetWithoutItsTestBatchIsRefused() throws IOException {
        Files.delete(folder.resolve("test_batch.bin.gz"));
        assertTrue(refusal().contains("lacks test_batch.bin"), refusal());
        write("test_batch.bin", records(1));
        Files.delete(folder.resolve("data_batch_1.bin"));
        Files.delete(folder.resolve("data_batch_2.bin.gz"));
        assertTrue(refusal().contains("lacks data_batch_1.bin"), refusal());
    }

    @Test
    void anAbsentSetNamesTheFilesAndWhereTheyWereSought() {
        String message = refusal("cifar-10", dir.resolve("nowhere"));
        assertTrue(message.contains("data_batch_1.bin"), message);
        assertTrue(message.contains("test_batch.bin"), message);
        assertTrue(message.contains("nowhere (no such folder)"), message);
        assertTrue(refusal("mnist", folder).contains("train-images-idx3-ubyte"));
    }

    @Test
    void aTruncatedBatchIsRefusedWithTheOffsetOfItsEnd() throws IOException {
        write("data_batch_1.bin", Arrays.copyOf(records(3, 1, 4), RECORD_BYTES + 100));
        String message = refusal();
        assertTrue(message.contains("data_batch_1.bin ends at offset 3173"), message);
        assertTrue(message.contains("records of 3073 bytes"), message);
        write("data_batch_1.bin", new byte[0]);
        assertTrue(refusal().contains("is empty"), refusal());
    }

    @Test
    void aTruncatedArchiveIsRefused() throws IOException {
        byte[] whole = packed(records(5, 9));
        write("data_batch_2.bin.gz", Arrays.copyOf(whole, whole.length - 12));
        assertTrue(refusal().contains("is truncated or damaged behind offset"), refusal());
    }

    @Test
    void aLabelThatNoClassHasIsRefusedWithItsOffset() throws IOException {
        write("data_batch_1.bin", records(3, 10, 4));
        String message = refusal();
        assertTrue(message.contains("has the label 10 at offset 3073"), message);
        assertTrue(message.contains("a label from 0 to 9"), message);
        write("data_batch_1.bin", records(3, 1, 200));
        assertTrue(refusal().contains("has the label 200 at offset 6146"), refusal());
    }

    @Test
    void thePublishedFilesHoldTenThousandImagesEach() throws IOException {
        String named = System.getenv(Datasets.FOLDER_VARIABLE);
        assumeTrue(
                named != null && CifarFolder.looksLikeOne(Path.of(named, "cifar-10")),
                "skipped: " + Datasets.FOLDER_VARIABLE + " names no folder with cifar-10");
        Dataset cifar = Datasets.open("cifar-10", null, 1);
        assertEquals(0, cifar.train().count() % 10_000);
        int[] each = new int[10];
        Arrays.stream(labels(cifar.test())).forEach(label -> each[label]++);
        int[] thousand = new int[10];
        Arrays.fill(thousand, 1000);
        assertArrayEquals(thousand, each);
    }

    private String refusal() {
        return refusal("cifar-10", folder);
    }

    private static String refusal(String name, Path given) {
        String message =
                assertThrows(InputException.class, () -> open(name, given, null)).getMessage();
        assertTrue(message.endsWith(".") && message.lines().count() == 1, message);
        return message;
    }

    private static int[] labels(Samples samples) {
        int[] labels = new int[samples.count()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = samples.label(i);
        }
        return labels;
    }

    private void write(String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes);
    }

    private static byte[] packed(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    /** The first pixel of each plane tells the record and the plane. */
    private static byte[] records(int... labels) {
        byte[] bytes = new byte[labels.length * RECORD_BYTES];
        for (int i = 0; i < labels.length; i++) {
            bytes[i * RECORD_BYTES] = (byte) labels[i];
            for (int plane = 0; plane < 3; plane++) {
                bytes[i * RECORD_BYTES + 1 + 1024 * plane] = (byte) (10 * (plane + 1) + i);
            }
        }
        return bytes;
    }
}
