package org.hermesml.cli.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The plain files of a tar archive (POSIX ustar and what came before it), one after the other. */
final class TarArchive {
    private static final int RECORD_BYTES = 512;
    private static final int SIZE_AT = 124;
    private static final int SIZE_BYTES = 12;
    private static final int NAME_BYTES = 100;
    private static final int TYPE_AT = 156;

    interface Taker {
        /**
         * @param content of {@code bytes} bytes; need not be read
         */
        void file(String name, long bytes, InputStream content) throws IOException;
    }

    /**
     * @throws IOException when {@code in} ends too early or is no tar archive
     */
    static void read(InputStream in, Taker taker) throws IOException {
        DataInputStream data = new DataInputStream(in);
        byte[] head = new byte[RECORD_BYTES];
        for (data.readFully(head); head[0] != 0; data.readFully(head)) {
            long bytes = octal(head);
            Content content = new Content(data, bytes);
            if (head[TYPE_AT] == '0' || head[TYPE_AT] == 0) {
                taker.file(name(head), bytes, content);
            }
            long padded = (bytes + RECORD_BYTES - 1) / RECORD_BYTES * RECORD_BYTES;
            data.skipNBytes(content.left + padded - bytes);
        }
    }

    private static String name(byte[] head) {
        int end = 0;
        while (end < NAME_BYTES && head[end] != 0) {
            end++;
        }
        return new String(head, 0, end, StandardCharsets.UTF_8);
    }

    private static long octal(byte[] head) throws IOException {
        String text =
                new String(head, SIZE_AT, SIZE_BYTES, StandardCharsets.US_ASCII)
                        .replace('\0', ' ')
                        .strip();
        try {
            return Long.parseLong(text, 8);
        } catch (NumberFormatException e) {
            throw new IOException("it is no tar archive", e);
        }
    }

    /** One file's part of the archive. */
    private static final class Content extends FilterInputStream {
        private long left;

        Content(InputStream in, long bytes) {
            super(in);
            left = bytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int got = in.read(into, offset, (int) Math.min(length, left));
            if (got < 0) {
                throw new EOFException("it ends too early");
            }
            left -= got;
            return got;
        }

        @Override
        public void close() {
            // the archive goes on
        }
    }

    private TarArchive() {}
}
