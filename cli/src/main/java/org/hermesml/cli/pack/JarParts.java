package org.hermesml.cli.pack;

import java.util.regex.Pattern;

/** Which entries of a jar belong to one kind of machine, and to which. */
final class JarParts {
    private static final Pattern TENSORS =
            Pattern.compile("org/nd4j/linalg/cpu/nativecpu/bindings/([^/]+)/.+");
    private static final Pattern BYTEDECO =
            Pattern.compile("org/bytedeco/(openblas|javacpp|hdf5)/([a-z]+-[a-z0-9_]+)/.+");

    /** Headers and build files that nothing reads at run time. */
    private static final Pattern HEADERS =
            Pattern.compile("org/bytedeco/openblas/[^/]+/(include|lib)/.*");

    /** For a compiler that makes programs of jars; it names libraries that are not there. */
    private static final String NATIVE_IMAGE = "META-INF/native-image/";

    private static final Pattern TORCH = Pattern.compile("(pytorch/cpu/.+|native/lib/.+)");
    private static final Pattern TORCH_LINK = Pattern.compile("jnilib/([^/]+)/.+");

    /** zstd, snappy and lz4: small, for twenty kinds of machines. */
    private static final Pattern COMPRESSION =
            Pattern.compile(
                    "((aix|darwin|freebsd|linux|win)/[^/]+)/libzstd-jni.*|"
                            + "org/xerial/snappy/native/([^/]+/[^/]+)/.*|"
                            + "net/jpountz/util/([^/]+/[^/]+)/.*");

    /**
     * Natives that a package takes anew from Maven's artifacts; not those of HDF5: Keras files are
     * read where a run is published, and no device needs it.
     */
    static boolean isFetched(String entry) {
        return TENSORS.matcher(entry).matches()
                || BYTEDECO.matcher(entry).matches()
                || TORCH.matcher(entry).matches();
    }

    /** Whether an entry of the build's own jar goes into a jar for {@code board}. */
    static boolean keeps(String entry, Board board) {
        var link = TORCH_LINK.matcher(entry);
        if (link.matches()) {
            return link.group(1).equals(board.pytorch());
        }
        return !isFetched(entry)
                && !entry.startsWith(NATIVE_IMAGE)
                && !isCompressionOfAnother(entry, board);
    }

    /** Whether an entry of an artifact with natives goes into a jar. */
    static boolean takes(String entry) {
        return isFetched(entry) && !HEADERS.matcher(entry).matches();
    }

    private static boolean isCompressionOfAnother(String entry, Board board) {
        var found = COMPRESSION.matcher(entry);
        if (!found.matches()) {
            return false;
        }
        String folder =
                found.group(1) != null
                        ? found.group(1)
                        : found.group(3) != null ? found.group(3) : found.group(4);
        return !canonical(folder).equals(board.compression());
    }

    /** The three libraries name machines each in its own way. */
    private static String canonical(String folder) {
        return folder.replace("Linux/x86_64", "linux/amd64")
                .replace("Linux/", "linux/")
                .replace("Mac/", "darwin/")
                .replace("Windows/x86_64", "win/amd64")
                .replace("windows/", "win/");
    }

    private JarParts() {}
}
