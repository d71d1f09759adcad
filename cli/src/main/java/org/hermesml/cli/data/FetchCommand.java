package org.hermesml.cli.data;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.hermesml.core.DataFolders;
import org.hermesml.core.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hermes data fetch}: downloads a published data set to where it is looked for. */
@Command(
        name = "fetch",
        description =
                "Downloads a published data set, checks it, and puts it where --dataset finds it.")
public final class FetchCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Parameters(paramLabel = "NAME", description = "mnist, fashion-mnist or cifar-10.")
    private String name;

    @Option(
            names = "--from",
            paramLabel = "URL",
            description =
                    "Address of the folder that holds the files (default: where they are published).")
    private String from;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "The set goes into a folder of its name in DIR (default: environment variable HERMES_DATA, else"
                            + " hermes/data in the user's cache folder).")
    private Path out;

    @Override
    public Integer call() {
        PublishedSet set =
                PublishedSet.of(name)
                        .orElseThrow(
                                () ->
                                        new InputException(
                                                "Data set '"
                                                        + name
                                                        + "' is not one that can be fetched: "
                                                        + String.join(
                                                                ", ",
                                                                PublishedSet.ALL.stream()
                                                                        .map(PublishedSet::name)
                                                                        .toList())
                                                        + " are."));
        Path above = out == null ? DataFolders.of(null).toFetchTo() : out;
        Path folder = above.resolve(set.name());
        Progress progress = Progress.ofStandardOutput();
        new Fetch(set, folder, new Download(PATIENCE, progress), progress)
                .run(from == null ? set.mirrors() : List.of(folderOf(from)));
        System.out.println(
                set.name()
                        + " lies in "
                        + folder
                        + "; train with --dataset "
                        + set.name()
                        + (out == null ? "" : " --data-dir " + out));
        return 0;
    }

    private static URI folderOf(String text) {
        try {
            URI uri = URI.create(text.endsWith("/") ? text : text + "/");
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw new InputException(
                "--from "
                        + text
                        + " is no address: an http or https one of a folder is needed, such as https://example.org/mnist/.");
    }
}
