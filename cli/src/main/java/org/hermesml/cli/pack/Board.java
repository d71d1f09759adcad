package org.hermesml.cli.pack;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.hermesml.core.InputException;

/** A kind of machine that a worker can be packaged for, and what each library calls it. */
enum Board {
    LINUX_X86_64("linux-x86_64", "linux-x86_64-onednn-avx2", "linux-x86_64", "linux/amd64"),
    LINUX_ARM64("linux-arm64", "linux-arm64", "linux-aarch64", "linux/aarch64"),
    MACOSX_ARM64("macosx-arm64", "macosx-arm64", "osx-aarch64", "darwin/aarch64"),
    WINDOWS_X86_64("windows-x86_64", "windows-x86_64-onednn-avx2", "win-x86_64", "win/amd64");

    private final String platform;
    private final String nd4j;
    private final String pytorch;
    private final String compression;

    Board(String platform, String nd4j, String pytorch, String compression) {
        this.platform = platform;
        this.nd4j = nd4j;
        this.pytorch = pytorch;
        this.compression = compression;
    }

    /**
     * @throws InputException when there is none of this name
     */
    static Board of(String platform) {
        return Arrays.stream(values())
                .filter(board -> board.platform.equals(platform))
                .findFirst()
                .orElseThrow(
                        () ->
                                new InputException(
                                        "--platform '"
                                                + platform
                                                + "' is not allowed; allowed: "
                                                + Arrays.stream(values())
                                                        .map(Board::platform)
                                                        .collect(Collectors.joining(", "))
                                                + "."));
    }

    /** As people and javacpp say. */
    String platform() {
        return platform;
    }

    /** Classifier of the tensor library's natives: with oneDNN where that exists. */
    String nd4j() {
        return nd4j;
    }

    /** Classifier of PyTorch's natives. */
    String pytorch() {
        return pytorch;
    }

    /** Folder of the natives of zstd, which Kafka's client may use. */
    String compression() {
        return compression;
    }
}
