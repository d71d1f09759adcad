package org.hermesml.training.data.numpy;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;
import org.hermesml.core.message.SampleType;

/**
 * The features of many samples as they lie in memory.
 *
 * @param shape of one sample, channels first
 * @param rows one after the other
 */
record NpyFeatures(SampleType type, int count, int[] shape, byte[] rows) {
    private static final long MOST_BYTES = Integer.MAX_VALUE - 64;

    /**
     * Takes {@code (n, d)}, {@code (n, height, width)}, {@code (n, height, width, channels)}, and
     * {@code (n, channels, height, width)} where only that order leaves 1, 3 or 4 channels.
     */
    static NpyFeatures read(NpyHeader header, DataInputStream in) throws IOException, Unfit {
        long[] sizes = header.shape();
        boolean pixels = header.type().isPixel();
        check(header);
        boolean last = sizes.length == 4 && hasChannelsLast(sizes);
        int[] steps = NpyNumbers.rows(sizes);
        int[] shape;
        if (sizes.length == 2) {
            shape = new int[] {(int) sizes[1]};
        } else if (sizes.length == 3) {
            shape = new int[] {1, (int) sizes[1], (int) sizes[2]};
        } else if (last) {
            shape = new int[] {(int) sizes[3], (int) sizes[1], (int) sizes[2]};
            steps[1] = (int) sizes[2];
            steps[2] = 1;
            steps[3] = (int) (sizes[1] * sizes[2]);
        } else {
            shape = new int[] {(int) sizes[1], (int) sizes[2], (int) sizes[3]};
        }
        byte[] rows = new byte[(int) (header.count() * (pixels ? 1 : 4))];
        if (pixels) {
            NpyNumbers.read(header, steps, in, (place, value) -> rows[place] = (byte) value);
        } else {
            FloatBuffer floats =
                    ByteBuffer.wrap(rows).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
            int each = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            NpyNumbers.read(
                    header,
                    steps,
                    in,
                    (place, value) -> {
                        if (!Float.isFinite((float) value)) {
                            throw notFinite(place / each, value);
                        }
                        floats.put(place, (float) value);
                    });
        }
        return new NpyFeatures(
                pixels ? SampleType.UINT8 : SampleType.FLOAT32, (int) sizes[0], shape, rows);
    }

    private static void check(NpyHeader header) throws Unfit {
        long[] sizes = header.shape();
        if (sizes.length < 2 || sizes.length > 4) {
            throw new Unfit(
                    "has the shape "
                            + header.shapeText()
                            + ": samples have the shape (n, d), (n, height, width) or (n, height, width,"
                            + " channels)");
        }
        long each = header.type().isPixel() ? 1 : 4;
        if (header.count() == 0 || header.count() > MOST_BYTES / each) {
            throw new Unfit(
                    "has the shape "
                            + header.shapeText()
                            + ": at least one number is needed, and at most "
                            + MOST_BYTES / each
                            + " of them");
        }
        if (sizes.length > 2 && header.type().isWhole() && !header.type().isPixel()) {
            throw new Unfit(
                    "holds images of type '"
                            + header.type().name()
                            + "', whose range is not known: save them as uint8 (0 to 255, used as 0 to 1) or as"
                            + " float32");
        }
    }

    private static boolean hasChannelsLast(long[] sizes) {
        return isChannels(sizes[3]) || !isChannels(sizes[1]);
    }

    private static boolean isChannels(long size) {
        return size == 1 || size == 3 || size == 4;
    }

    private static Unfit notFinite(int sample, double value) {
        return new Unfit(
                String.format(
                        Locale.ROOT,
                        "holds %s in sample %d (counted from 0): features must be finite numbers, so replace or"
                                + " leave out such samples",
                        value,
                        sample));
    }

    String shapeText() {
        return NpyHeader.shapeText(Arrays.stream(shape).asLongStream().toArray());
    }
}
