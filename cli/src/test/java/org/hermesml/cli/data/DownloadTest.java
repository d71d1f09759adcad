package org.hermesml.cli.data;

import static org.hermesml.cli.data.FileServer.says;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.hermesml.cli.run.RunFailure;
import org.hermesml.core.InputException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
    private static final String NAME = "numbers.gz";

    @TempDir Path dir;

    private final byte[] content = new byte[300_000];
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private FileServer server;
    private String sha256;

    @BeforeEach
    void start() throws IOException {
        new Random(1).nextBytes(content);
        sha256 = sum(content);
        server = new FileServer();
        server.serve("good", content);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aFileGetsItsNameOnlyWhenItIsWhole() throws IOException {
        Path target = dir.resolve("deep/folder").resolve(NAME);
        download("good").run(target);
        assertArrayEquals(content, Files.readAllBytes(target));
        assertFalse(Files.exists(part(target)));
        assertTrue(said.toString().contains("0.3 of 0.3 MB  100%"), said.toString());
    }

    @Test
    void whatAnEarlierAttemptLeftIsNotFetchedAgain() throws IOException {
        Path target = dir.resolve(NAME);
        Files.write(part(target), Arrays.copyOf(content, 200_000));
        download("good").run(target);
        assertArrayEquals(content, Files.readAllBytes(target));
        assertEquals(List.of("bytes=200000-"), server.ranges());
    }

    @Test
    void aConnectionThatIsCutIsGoneOnWith() throws IOException {
        server.serve("cut", exchange -> server.cut(exchange, content, 100_000));
        Path target = dir.resolve(NAME);
        download("cut").run(target);
        assertArrayEquals(content, Files.readAllBytes(target));
        assertEquals(List.of("", "bytes=100000-", "bytes=200000-"), server.ranges());
    }

    @Test
    void aServerThatGivesUpLeavesAPartToGoOnFrom() throws IOException {
        server.serve("short", exchange -> server.cut(exchange, content, 50_000));
        Path target = dir.resolve(NAME);
        RunFailure failure = assertThrows(RunFailure.class, () -> download("short").run(target));
        says(failure, "broke off", "go on from there", "--from");
        assertEquals(150_000, Files.size(part(target)));
        assertFalse(Files.exists(target));
        download("good").run(target);
        assertEquals("bytes=150000-", server.ranges().get(server.ranges().size() - 1));
        assertArrayEquals(content, Files.readAllBytes(target));
    }

    @Test
    void aServerThatFallsSilentIsNotWaitedForForEver() throws IOException {
        server.serve(
                "silent",
                exchange -> {
                    exchange.sendResponseHeaders(200, content.length);
                    exchange.getResponseBody().write(content, 0, 1000);
                    exchange.getResponseBody().flush();
                    server.fallSilent();
                });
        RunFailure failure =
                assertThrows(
                        RunFailure.class,
                        () ->
                                new Run(Duration.ofMillis(300), List.of("silent"))
                                        .run(dir.resolve(NAME)));
        says(failure, "broke off");
    }

    @Test
    void anotherFileThanThePublishedOneIsRefusedAndTheNextAddressTried() throws IOException {
        byte[] forged = content.clone();
        forged[7] ^= 1;
        server.serve("forged", forged);
        Path target = dir.resolve(NAME);
        RunFailure failure = assertThrows(RunFailure.class, () -> download("forged").run(target));
        says(failure, "SHA-256 " + sum(forged), sha256 + " is published");
        assertFalse(Files.exists(target) || Files.exists(part(target)));
        download("absent", "forged", "good").run(target);
        assertArrayEquals(content, Files.readAllBytes(target));
    }

    @Test
    void aPartOfAnotherFileDoesNotSpoilTheNext() throws IOException {
        Path target = dir.resolve(NAME);
        Files.write(part(target), new byte[1000]);
        download("good").run(target);
        assertArrayEquals(content, Files.readAllBytes(target));
        assertEquals(List.of("bytes=1000-", ""), server.ranges());
        Files.write(part(target), new byte[content.length + 5]);
        download("good").run(target);
        assertArrayEquals(content, Files.readAllBytes(target));
    }

    @Test
    void aServerWithoutRangesSendsAllAnew() throws IOException {
        server.serve(
                "plain",
                exchange -> {
                    exchange.sendResponseHeaders(200, content.length);
                    exchange.getResponseBody().write(content);
                });
        Path target = dir.resolve(NAME);
        Files.write(part(target), Arrays.copyOf(content, 1000));
        download("plain").run(target);
        assertArrayEquals(content, Files.readAllBytes(target));
    }

    @Test
    void anAbsentFileIsNamedWithItsAddressAndStatus() {
        RunFailure failure =
                assertThrows(RunFailure.class, () -> download("absent").run(dir.resolve(NAME)));
        says(
                failure,
                "/absent/" + NAME + " answered with status 404",
                NAME + " could not be fetched");
    }

    @Test
    void nobodyListening() {
        server.close();
        RunFailure failure =
                assertThrows(RunFailure.class, () -> download("good").run(dir.resolve(NAME)));
        says(failure, "broke off");
    }

    @Test
    void aFolderThatCannotBeWrittenIsBadInput() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "no folder");
        InputException refusal =
                assertThrows(
                        InputException.class,
                        () -> download("good").run(file.resolve("below").resolve(NAME)));
        says(refusal, "cannot be written", "--out");
    }

    @Test
    void aFullDiskIsBadInput() throws IOException {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "skipped: no /dev/full on this system");
        Path target = dir.resolve(NAME);
        Files.createSymbolicLink(part(target), full);
        InputException refusal =
                assertThrows(InputException.class, () -> download("good").run(target));
        says(refusal, "cannot be written", "No space left", "make room");
    }

    private final class Run {
        private final Download download;
        private final List<URI> addresses;

        Run(Duration patience, List<String> paths) {
            download = new Download(patience, progress());
            addresses = paths.stream().map(path -> server.at(path).resolve(NAME)).toList();
        }

        void run(Path target) {
            download.fetch(addresses, target, sha256);
        }
    }

    private Run download(String... paths) {
        return new Run(Duration.ofSeconds(60), List.of(paths));
    }

    private Progress progress() {
        return new Progress(new PrintStream(said, true), false);
    }

    private String sum(byte[] bytes) throws IOException {
        return Sha256.of(Files.write(dir.resolve("sum"), bytes));
    }

    private static Path part(Path target) {
        return target.resolveSibling(target.getFileName() + Download.PART);
    }
}
