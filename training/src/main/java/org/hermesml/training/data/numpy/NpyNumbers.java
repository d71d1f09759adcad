package org.hermesml.training.data.numpy;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The numbers of an array in the order of their file, each to its place in another order. */
final class NpyNumbers {
    private static final int AT_ONCE = 1 << 13;

    interface Sink {
        void put(int place, double value) throws Unfit;
    }

    /**
     * @param steps how far apart the places of two numbers lie whose index differs by one, for each
     *     axis; places must be below 2^31
     */
    static void read(NpyHeader header, int[] steps, DataInputStream in, Sink sink)
            throws IOException, Unfit {
        int axes = steps.length;
        int[] axis = new int[axes];
        for (int i = 0; i < axes; i++) {
            axis[i] = header.columnMajor() ? i : axes - 1 - i;
        }
        NpyType type = header.type();
        byte[] bytes = new byte[AT_ONCE * type.size()];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(type.order());
        long[] index = new long[axes];
        int place = 0;
        for (long left = header.count(); left > 0; ) {
            int now = (int) Math.min(AT_ONCE, left);
            in.readFully(bytes, 0, now * type.size());
            for (int i = 0; i < now; i++) {
                sink.put(place, type.at(buffer, i * type.size()));
                for (int a = 0; a < axes; a++) {
                    int moving = axis[a];
                    place += steps[moving];
                    if (++index[moving] < header.shape()[moving]) {
                        break;
                    }
                    place -= (int) index[moving] * steps[moving];
                    index[moving] = 0;
                }
            }
            left -= now;
        }
    }

    /** Steps of an array that is kept in rows: the last index runs fastest. */
    static int[] rows(long[] shape) {
        int[] steps = new int[shape.length];
        long step = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            steps[i] = (int) step;
            step *= shape[i];
        }
        return steps;
    }

    private NpyNumbers() {}
}
