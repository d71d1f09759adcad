package org.hermesml.training.data.numpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.hermesml.core.InputException;
import org.hermesml.core.message.SampleType;
import org.hermesml.training.TestData;
import org.hermesml.training.data.Dataset;
import org.hermesml.training.data.Datasets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzDatasetTest {
    @TempDir Path dir;

    @Test
    void pixelsStayBytesAndAreScaledAsImages() throws IOException {
        Dataset data =
                open(
                        set("|u1", "(2, 2, 2)", 0, 255, 3, 4, 5, 6, 7, 8)
                                .array("x_test", "|u1", "(1, 2, 2)", 9, 9, 9, 9));
        assertEquals("data.npz", data.name());
        assertEquals(SampleType.UINT8, data.train().storedType());
        assertArrayEquals(new int[] {1, 2, 2}, data.train().featureShape());
        assertArrayEquals(
                new float[] {0, 1, 3 / 255f, 4 / 255f}, TestData.sample(data.train(), 0), 1e-7f);
        assertEquals(2, data.train().classCount());
        assertEquals(1, data.test().count());
    }

    @Test
    void channelsLastBecomeChannelsFirstInEitherOrder() throws IOException {
        double[] rows = new double[2 * 2 * 2 * 3];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i;
        }
        double[] columns = transposed(rows, 2, 2, 2, 3);
        float[] planes = {12, 15, 18, 21, 13, 16, 19, 22, 14, 17, 20, 23};
        for (NpzWriter writer :
                new NpzWriter[] {
                    set("<f4", "(2, 2, 2, 3)", rows),
                    labels(new NpzWriter().fortran("x_train", ">f8", "(2, 2, 2, 3)", columns)),
                    labels(new NpzWriter().stored().array("x_train", "<f2", "(2, 2, 2, 3)", rows))
                }) {
            Dataset data = open(writer.array("x_test", "<f4", "(1, 2, 2, 3)", new double[12]));
            assertArrayEquals(new int[] {3, 2, 2}, data.train().featureShape());
            assertArrayEquals(planes, TestData.sample(data.train(), 1));
        }
    }

    @Test
    void channelsThatComeFirstStayThere() throws IOException {
        double[] values = new double[2 * 3 * 5 * 5];
        values[25] = 7;
        Dataset data =
                open(
                        set("<f4", "(2, 3, 5, 5)", values)
                                .array("x_test", "<f4", "(1, 3, 5, 5)", new double[75]));
        assertArrayEquals(new int[] {3, 5, 5}, data.train().featureShape());
        assertEquals(7, TestData.sample(data.train(), 0)[25]);
    }

    @Test
    void flatFeaturesOfAnyNumbersAreTakenAsTheyAre() throws IOException {
        for (String type : new String[] {"<i2", ">i4", "<i8", "<u2", "<f8", ">f4", "|i1"}) {
            Dataset data =
                    open(set(type, "(2, 2)", 1, 2, 3, 100).array("x_test", type, "(1, 2)", 5, 6));
            assertArrayEquals(new float[] {3, 100}, TestData.sample(data.train(), 1), type);
            assertArrayEquals(new int[] {2}, data.train().featureShape());
        }
    }

    @Test
    void labelsComeInAnyWidthOrOneHot() throws IOException {
        for (String type : new String[] {"|u1", "<i2", ">i4", "<i8", "<u8", "<f4"}) {
            for (String shape : new String[] {"(3,)", "(3, 1)", "(3L,)"}) {
                Dataset data =
                        open(
                                three().array("y_train", type, shape, 2, 0, 1)
                                        .array("y_test", "<i4", "(1,)", 1));
                assertEquals(2, data.train().label(0), type + shape);
                assertEquals(3, data.train().classCount());
            }
        }
        Dataset hot =
                open(
                        three().array(
                                        "y_train", "<f4", "(3, 4)", 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0,
                                        1)
                                .array("y_test", "<f4", "(1, 4)", 0, 1, 0, 0));
        assertEquals(2, hot.train().label(0));
        assertEquals(3, hot.train().label(2));
        assertEquals(4, hot.train().classCount());
    }

    @Test
    void aTruncatedOrDamagedFileIsRefused() throws IOException {
        Path file = whole().write(dir.resolve("data.npz"));
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        assertSays(file, "is truncated or no zip");
        Path stored = whole().stored().write(dir.resolve("stored.npz"));
        byte[] damaged = Files.readAllBytes(stored);
        damaged[30 + "x_train.npy".length() + 128] ^= 1;
        Files.write(stored, damaged);
        assertSays(stored, "x_train", "truncated or damaged", "checksum");
        byte[] cut = NpzWriter.npy(1, "<f4", false, "(2, 2)", 1, 2, 3);
        assertSays(whole().raw("x_train", cut).write(file), "x_train", "truncated or damaged");
        byte[] liar = NpzWriter.npy(1, "<f8", false, "(2000000000, 200000)", 1, 2, 3);
        assertSays(whole().raw("x_train", liar).write(file), "truncated or damaged");
    }

    @Test
    void aMissingArrayIsNamedWithThoseThatAreThere() throws IOException {
        NpzWriter writer = three().array("y_train", "<i4", "(3,)", 0, 1, 1);
        assertSays(write(writer), "lacks the array y_test", "x_test, x_train, y_train");
        assertSays(write(new NpzWriter().array("arr_0", "<i4", "(1,)", 1)), "arr_0");
    }

    @Test
    void unequalLengthsAndUnlikePartsAreRefused() throws IOException {
        assertSays(
                write(whole().array("y_train", "<i4", "(3,)", 0, 1, 0)), "2 samples", "3 labels");
        assertSays(write(whole().array("x_test", "<f4", "(1, 3)", 0, 1, 0)), "both parts", "(3,)");
        assertSays(write(whole().array("x_test", "|u1", "(1, 2)", 0, 1)), "both parts", "UINT8");
    }

    @Test
    void labelsOutsideTheClassesAreRefused() throws IOException {
        assertSays(write(whole().array("y_test", "<i4", "(1,)", 2)), "0 to 1", "to 2 in y_test");
        assertSays(
                write(whole().array("y_train", "<i4", "(2,)", 0, -1)), "y_train", "-1", "sample 1");
        assertSays(write(whole().array("y_train", "<f4", "(2,)", 0, 0.5)), "0.5", "class numbers");
        assertSays(
                write(whole().array("y_train", "<f4", "(2, 2)", 0, 1, 1, 1)), "row 1", "one-hot");
        assertSays(
                write(
                        whole().array("y_train", "<i4", "(2,)", 0, 0)
                                .array("y_test", "<i4", "(1,)", 0)),
                "All labels");
    }

    @Test
    void numbersThatAreNoneAreRefused() throws IOException {
        assertSays(
                write(whole().array("x_train", "<f4", "(2, 2)", 0, 1, 2, Double.NaN)),
                "x_train",
                "NaN",
                "sample 1");
        assertSays(write(whole().array("x_test", "<f8", "(1, 2)", 0, 1e300)), "x_test", "finite");
    }

    @Test
    void picklesAndStructuresAreNeverOpened() throws IOException {
        assertSays(
                write(whole().raw("x_train", NpzWriter.npy(1, "|O", false, "(2, 2)"))),
                "x_train",
                "Python objects");
        assertSays(
                write(whole().raw("y_train", NpzWriter.npy(3, "<U5", false, "(2,)"))),
                "y_train",
                "<U5",
                "no plain numbers");
        assertSays(write(whole().raw("x_train", new byte[] {1, 2, 3, 4, 5, 6, 7, 8})), "no array");
    }

    @Test
    void shapesThatAreNoSamplesAreRefused() throws IOException {
        assertSays(write(whole().array("x_train", "<f4", "(2,)", 1, 2)), "(2,)", "(n, d)");
        assertSays(
                write(whole().array("x_train", "<i4", "(2, 1, 1)", 1, 2)),
                "'<i4'",
                "uint8",
                "float32");
        assertSays(write(whole().array("x_train", "<f4", "(0, 2)")), "at least one number");
        assertSays(
                write(whole().array("y_train", "<i4", "(1, 1, 2)", 0, 1)), "labels have the shape");
    }

    private static double[] transposed(double[] rows, int... sizes) {
        double[] columns = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            int rest = i;
            int place = 0;
            int step = rows.length;
            for (int a = sizes.length - 1; a >= 0; a--) {
                step /= sizes[a];
                place += rest % sizes[a] * step;
                rest /= sizes[a];
            }
            columns[place] = rows[i];
        }
        return columns;
    }

    private static NpzWriter whole() {
        return set("<f4", "(2, 2)", 1, 2, 3, 4).array("x_test", "<f4", "(1, 2)", 5, 6);
    }

    private static NpzWriter set(String type, String shape, double... values) {
        return labels(new NpzWriter().array("x_train", type, shape, values));
    }

    private static NpzWriter labels(NpzWriter writer) {
        return writer.array("y_train", "<i8", "(2,)", 0, 1).array("y_test", "<i8", "(1,)", 1);
    }

    private static NpzWriter three() {
        return new NpzWriter()
                .array("x_train", "<f4", "(3, 1)", 1, 2, 3)
                .array("x_test", "<f4", "(1, 1)", 4);
    }

    private Path write(NpzWriter writer) throws IOException {
        return writer.write(dir.resolve("data.npz"));
    }

    private Dataset open(NpzWriter writer) throws IOException {
        return Datasets.open(write(writer).toString(), null, 1);
    }

    private static void assertSays(Path file, String... words) {
        String message =
                assertThrows(InputException.class, () -> Datasets.open(file.toString(), null, 1))
                        .getMessage();
        assertTrue(message.endsWith(".") && message.lines().count() == 1, message);
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
    }
}
