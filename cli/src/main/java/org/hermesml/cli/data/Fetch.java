package org.hermesml.cli.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.hermesml.cli.data.PublishedSet.PublishedFile;
import org.hermesml.cli.data.PublishedSet.Unpacked;
import org.hermesml.cli.run.RunFailure;
import org.hermesml.core.InputException;

/** Brings a published data set into a folder. */
final class Fetch {
    private final PublishedSet set;
    private final Path folder;
    private final Download download;
    private final Progress progress;

    Fetch(PublishedSet set, Path folder, Download download, Progress progress) {
        this.set = set;
        this.folder = folder;
        this.download = download;
        this.progress = progress;
    }

    /**
     * Fetches what is not there yet.
     *
     * @param mirrors folders of the files, tried in this order; each ends with a slash
     * @throws InputException when the folder cannot be written
     * @throws RunFailure when a file cannot be had
     */
    void run(List<URI> mirrors) {
        if (!set.unpacked().isEmpty() && isUnpacked()) {
            progress.event(set.name() + " is there already, in " + folder);
            return;
        }
        for (PublishedFile file : set.files()) {
            Path target = folder.resolve(file.name());
            if (isThere(target, file.sha256())) {
                progress.event(file.name() + " is there already");
            } else {
                List<URI> addresses = mirrors.stream().map(m -> m.resolve(file.name())).toList();
                download.fetch(addresses, target, file.sha256());
                progress.event(file.name() + " is there, its SHA-256 as published");
            }
            if (!set.unpacked().isEmpty()) {
                unpack(target);
            }
        }
    }

    private static boolean isThere(Path file, String sha256) {
        try {
            return Files.isRegularFile(file) && Sha256.of(file).equals(sha256);
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isUnpacked() {
        return set.unpacked().stream()
                .allMatch(
                        file -> {
                            try {
                                return Files.size(folder.resolve(file.path())) == file.bytes();
                            } catch (IOException e) {
                                return false;
                            }
                        });
    }

    /** Each file under another name first; then the archive is not needed any more. */
    private void unpack(Path archive) {
        Set<Unpacked> missing = new HashSet<>(set.unpacked());
        try (InputStream in =
                new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
            TarArchive.read(
                    in,
                    (name, bytes, content) -> {
                        if (missing.remove(new Unpacked(name, bytes))) {
                            take(content, folder.resolve(name));
                        }
                    });
        } catch (IOException e) {
            throw new InputException(
                    archive
                            + " cannot be unpacked ("
                            + e.getMessage()
                            + "): make room in its folder or name another with --out.",
                    e);
        }
        if (!missing.isEmpty()) {
            throw new RunFailure(
                    archive
                            + " lacks "
                            + missing.iterator().next().path()
                            + "; name another address with --from.");
        }
        progress.event(set.unpacked().size() + " files unpacked to " + folder);
        try {
            Files.delete(archive);
        } catch (IOException e) {
            progress.event(archive + " may be deleted");
        }
    }

    private static void take(InputStream in, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        Path part = target.resolveSibling(target.getFileName() + Download.PART);
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
}
