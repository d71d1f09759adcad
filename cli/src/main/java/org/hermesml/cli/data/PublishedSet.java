package org.hermesml.cli.data;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.hermesml.core.BuiltIns;

/**
 * A data set as it is published: which files, where, and what they must be.
 *
 * @param mirrors folders of the same files, the first one first
 * @param unpacked what the only file, an archive, holds; empty: the files are used as they are
 */
record PublishedSet(
        String name, List<URI> mirrors, List<PublishedFile> files, List<Unpacked> unpacked) {
    /**
     * @param sha256 in hexadecimal
     */
    record PublishedFile(String name, String sha256) {}

    /**
     * @param path in the archive and in the set's folder
     */
    record Unpacked(String path, long bytes) {}

    private static final long CIFAR_BATCH_BYTES = 10_000L * (1 + 3 * 32 * 32);

    private static final PublishedSet MNIST =
            new PublishedSet(
                    BuiltIns.MNIST,
                    List.of(
                            URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/"),
                            URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/")),
                    List.of(
                            new PublishedFile(
                                    "train-images-idx3-ubyte.gz",
                                    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                            new PublishedFile(
                                    "train-labels-idx1-ubyte.gz",
                                    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                            new PublishedFile(
                                    "t10k-images-idx3-ubyte.gz",
                                    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                            new PublishedFile(
                                    "t10k-labels-idx1-ubyte.gz",
                                    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")),
                    List.of());

    private static final PublishedSet FASHION_MNIST =
            new PublishedSet(
                    BuiltIns.FASHION_MNIST,
                    List.of(
                            URI.create(
                                    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
                            URI.create(
                                    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/")),
                    List.of(
                            new PublishedFile(
                                    "train-images-idx3-ubyte.gz",
                                    "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
                            new PublishedFile(
                                    "train-labels-idx1-ubyte.gz",
                                    "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
                            new PublishedFile(
                                    "t10k-images-idx3-ubyte.gz",
                                    "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
                            new PublishedFile(
                                    "t10k-labels-idx1-ubyte.gz",
                                    "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")),
                    List.of());

    private static final PublishedSet CIFAR_10 =
            new PublishedSet(
                    BuiltIns.CIFAR_10,
                    List.of(URI.create("https://www.cs.toronto.edu/~kriz/")),
                    List.of(
                            new PublishedFile(
                                    "cifar-10-binary.tar.gz",
                                    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")),
                    List.of(
                            batch("data_batch_1.bin"),
                            batch("data_batch_2.bin"),
                            batch("data_batch_3.bin"),
                            batch("data_batch_4.bin"),
                            batch("data_batch_5.bin"),
                            batch("test_batch.bin")));

    static final List<PublishedSet> ALL = List.of(MNIST, FASHION_MNIST, CIFAR_10);

    static Optional<PublishedSet> of(String name) {
        return ALL.stream().filter(set -> set.name.equals(name)).findFirst();
    }

    private static Unpacked batch(String name) {
        return new Unpacked("cifar-10-batches-bin/" + name, CIFAR_BATCH_BYTES);
    }
}
