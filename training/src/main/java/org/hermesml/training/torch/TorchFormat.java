package org.hermesml.training.torch;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What a file of torch begins with. Needs none of torch's classes. */
public final class TorchFormat {
    private static final int LOCAL_HEADER_BYTES = 30;

    /** Torch puts all into one folder, named as the file was. */
    private static final Pattern FIRST_ENTRY =
            Pattern.compile("[^/]+/(data\\.pkl|data/|code/|constants\\.pkl|version|byteorder|\\.)");

    /**
     * Whether the bytes are a file that torch wrote, of whatever kind; said without torch and its
     * classes, which many devices are without.
     *
     * @see TorchFile#read
     */
    public static boolean isTorch(byte[] bytes) {
        if (isPickle(bytes)) {
            return true;
        }
        return FIRST_ENTRY.matcher(firstEntry(bytes)).lookingAt();
    }

    static boolean isPickle(byte[] bytes) {
        return bytes.length > 2 && (bytes[0] & 0xff) == 0x80 && bytes[1] >= 2 && bytes[1] <= 5;
    }

    /** Name of a zip's first entry, also of a truncated one. */
    private static String firstEntry(byte[] bytes) {
        if (bytes.length < LOCAL_HEADER_BYTES || bytes[0] != 'P' || bytes[1] != 'K') {
            return "";
        }
        int length = (bytes[26] & 0xff) | (bytes[27] & 0xff) << 8;
        int end = Math.min(bytes.length, LOCAL_HEADER_BYTES + length);
        return new String(
                bytes, LOCAL_HEADER_BYTES, end - LOCAL_HEADER_BYTES, StandardCharsets.UTF_8);
    }

    private TorchFormat() {}
}
