package org.hermesml.cli.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.hermesml.cli.run.RunFailure;
import org.hermesml.core.InputException;

/**
 * Fetches one file by HTTP: goes on where an earlier attempt ended, checks it, and gives it its
 * name only then. One thread at a time.
 */
final class Download {
    private static final int TRIES = 3;
    private static final int BUFFER_BYTES = 1 << 16;

    /** Between the end of a part's name and what was there before. */
    static final String PART = ".part";

    /** The folder cannot take what comes; no other address helps. */
    private static final class Unwritable extends IOException {
        private static final long serialVersionUID = 1L;

        Unwritable(IOException cause) {
            super(cause);
        }
    }

    /** The server has no such file, or does not give it. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    private final HttpClient client;
    private final Duration patience;
    private final Progress progress;

    /**
     * @param patience for a server that says nothing any more
     */
    Download(Duration patience, Progress progress) {
        this.patience = patience;
        this.progress = progress;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .connectTimeout(patience)
                        .build();
    }

    /**
     * @param addresses of the same file, tried in this order
     * @param sha256 that it must have
     * @throws InputException when {@code target} cannot be written
     * @throws RunFailure when no address gave the file; what came of it is kept for the next time
     */
    void fetch(List<URI> addresses, Path target, String sha256) {
        Path part = target.resolveSibling(target.getFileName() + PART);
        progress.begin(target.getFileName().toString());
        List<String> faults = new ArrayList<>();
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            for (URI address : addresses) {
                String fault = attempt(address, part, sha256);
                if (fault.isEmpty()) {
                    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
                    return;
                }
                faults.add(address + " " + fault);
            }
        } catch (IOException e) {
            throw new InputException(
                    "The folder "
                            + target.toAbsolutePath().getParent()
                            + " cannot be written ("
                            + reason(e)
                            + "): make room or name another with --out.",
                    e);
        }
        throw new RunFailure(
                target.getFileName()
                        + " could not be fetched ("
                        + String.join("; ", faults)
                        + "); "
                        + (Files.exists(part) ? "say the same again to go on from there, " : "")
                        + "name another address with --from, or put the file into "
                        + target.toAbsolutePath().getParent()
                        + " yourself.");
    }

    /** Returns why the file is not there; empty when it is, complete and right. */
    private String attempt(URI address, Path part, String sha256) throws IOException {
        String fault = "";
        for (int i = 0; i < TRIES; i++) {
            long before = Files.exists(part) ? Files.size(part) : 0;
            try {
                receive(address, part, before);
            } catch (Refused e) {
                return e.getMessage();
            } catch (Unwritable e) {
                throw (IOException) e.getCause();
            } catch (IOException e) {
                fault = "broke off (" + reason(e) + ")";
                continue;
            }
            String found = Sha256.of(part);
            if (found.equals(sha256)) {
                return "";
            }
            Files.delete(part);
            fault = "sent another file (SHA-256 " + found + " where " + sha256 + " is published)";
            if (before == 0) {
                return fault;
            }
            // what was there before may be of another file: once more from the beginning
        }
        return fault;
    }

    private void receive(URI address, Path part, long before) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(patience);
        if (before > 0) {
            request.header("Range", "bytes=" + before + "-");
        }
        HttpResponse<InputStream> response = send(request.build());
        try (InputStream in = response.body()) {
            long from = from(response, part, before);
            long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
            long total = length < 0 ? -1 : from + length;
            checkRoom(part, length);
            long end = write(in, part, from, total);
            if (total >= 0 && end != total) {
                throw new IOException("ended after " + end + " of " + total + " bytes");
            }
        }
    }

    /** Where in the file what comes begins. */
    private static long from(HttpResponse<InputStream> response, Path part, long before)
            throws IOException {
        String range = response.headers().firstValue("Content-Range").orElse("");
        return switch (response.statusCode()) {
            case 200 -> 0;
            case 206 -> {
                if (!range.startsWith("bytes " + before + "-")) {
                    throw new Refused("sent another range than was asked for (" + range + ")");
                }
                yield before;
            }
            case 416 -> {
                // more is here than the server has: nothing of that can be used
                Files.deleteIfExists(part);
                throw new IOException("its file is shorter than what was here of it");
            }
            default -> throw new Refused("answered with status " + response.statusCode());
        };
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunFailure("The download was interrupted.", e);
        }
    }

    private static void checkRoom(Path part, long bytes) throws IOException {
        long room = Files.getFileStore(part.toAbsolutePath().getParent()).getUsableSpace();
        if (bytes > room) {
            throw new Unwritable(
                    new IOException(
                            (room >> 20) + " MB are left there, of " + (bytes >> 20) + " needed"));
        }
    }

    /** Returns where in the file it ended. */
    private long write(InputStream in, Path part, long from, long total) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long at = from;
        try (FileChannel file = open(part, from);
                Stall stall = new Stall(in, patience)) {
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                stall.moved();
                append(file, ByteBuffer.wrap(buffer, 0, got));
                at += got;
                progress.at(at, total);
            }
            stall.check();
            return at;
        }
    }

    private static FileChannel open(Path part, long from) throws IOException {
        try {
            FileChannel file =
                    FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (file.tryLock() == null) {
                file.close();
                throw new RunFailure("Another program is fetching " + part + "; wait for it.");
            }
            if (from == 0) {
                file.truncate(0);
            }
            return file.position(from);
        } catch (IOException e) {
            throw new Unwritable(e);
        }
    }

    private static void append(FileChannel file, ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            throw new Unwritable(e);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null
                ? e.getClass().getSimpleName()
                : e.getMessage().lines().findFirst().orElse("");
    }
}
