package org.hermesml.cli.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.hermesml.cli.data.PublishedSet.PublishedFile;
import org.hermesml.cli.data.PublishedSet.Unpacked;
import org.hermesml.cli.run.RunFailure;
import org.hermesml.core.InputException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server on this machine that behaves as badly as servers do. */
class DownloadTest {
    private static final String NAME = "numbers.gz";

    @TempDir Path dir;

    private final byte[] content = new byte[300_000];
    private final List<String> ranges = new ArrayList<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final CountDownLatch closing = new CountDownLatch(1);
    private HttpServer server;
    private String sha256;

    @BeforeEach
    void start() throws IOException {
        new Random(1).nextBytes(content);
        sha256 = sum(content);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(
                Executors.newCachedThreadPool(
                        task -> {
                            Thread thread = new Thread(task, "server");
                            thread.setDaemon(true);
                            return thread;
                        }));
        serve("/good/", exchange -> send(exchange, content));
        serve("/absent/", exchange -> exchange.sendResponseHeaders(404, -1));
        server.start();
    }

    @AfterEach
    void stop() {
        closing.countDown();
        server.stop(0);
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
        assertEquals(List.of("bytes=200000-"), ranges);
    }

    @Test
    void aConnectionThatIsCutIsGoneOnWith() throws IOException {
        serve("/cut/", exchange -> cut(exchange, 100_000));
        Path target = dir.resolve(NAME);
        download("cut").run(target);
        assertArrayEquals(content, Files.readAllBytes(target));
        assertEquals(List.of("", "bytes=100000-", "bytes=200000-"), ranges);
    }

    @Test
    void aServerThatGivesUpLeavesAPartToGoOnFrom() throws IOException {
        serve("/short/", exchange -> cut(exchange, 50_000));
        Path target = dir.resolve(NAME);
        RunFailure failure = assertThrows(RunFailure.class, () -> download("short").run(target));
        says(failure, "broke off", "go on from there", "--from");
        assertEquals(150_000, Files.size(part(target)));
        assertFalse(Files.exists(target));
        download("good").run(target);
        assertEquals("bytes=150000-", ranges.get(ranges.size() - 1));
        assertArrayEquals(content, Files.readAllBytes(target));
    }

    @Test
    void aServerThatFallsSilentIsNotWaitedForForEver() throws IOException {
        serve(
                "/silent/",
                exchange -> {
                    exchange.sendResponseHeaders(200, content.length);
                    exchange.getResponseBody().write(content, 0, 1000);
                    exchange.getResponseBody().flush();
                    await(closing);
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
        serve("/forged/", exchange -> send(exchange, forged));
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
        assertEquals(List.of("bytes=1000-", ""), ranges);
        Files.write(part(target), new byte[content.length + 5]);
        download("good").run(target);
        assertArrayEquals(content, Files.readAllBytes(target));
    }

    @Test
    void aServerWithoutRangesSendsAllAnew() throws IOException {
        serve(
                "/plain/",
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
        server.stop(0);
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

    @Test
    void anArchiveIsUnpackedAndWhatIsThereIsNotFetchedAgain() throws IOException {
        byte[] inner = Arrays.copyOf(content, 5_000);
        byte[] archive = archive("inside/one.bin", inner);
        serve("/archive/", exchange -> send(exchange, archive));
        PublishedSet set =
                new PublishedSet(
                        "packed",
                        List.of(at("archive")),
                        List.of(new PublishedFile("packed.tar.gz", sum(archive))),
                        List.of(new Unpacked("inside/one.bin", inner.length)));
        for (int i = 0; i < 2; i++) {
            fetch(set).run(set.mirrors());
        }
        assertArrayEquals(inner, Files.readAllBytes(dir.resolve("inside/one.bin")));
        assertFalse(Files.exists(dir.resolve("packed.tar.gz")), "not needed any more");
        assertEquals(1, ranges.size(), "fetched once");
        PublishedSet lacking =
                new PublishedSet(
                        "packed",
                        set.mirrors(),
                        set.files(),
                        List.of(new Unpacked("inside/two.bin", 5)));
        says(
                assertThrows(RunFailure.class, () -> fetch(lacking).run(lacking.mirrors())),
                "lacks inside/two.bin");
        byte[] half = Arrays.copyOf(archive, archive.length / 2);
        serve("/half/", exchange -> send(exchange, half));
        PublishedSet truncated =
                new PublishedSet(
                        "packed",
                        List.of(at("half")),
                        List.of(new PublishedFile("packed.tar.gz", sum(half))),
                        lacking.unpacked());
        says(
                assertThrows(InputException.class, () -> fetch(truncated).run(truncated.mirrors())),
                "cannot be unpacked");
    }

    @Test
    void everyFileOfASetIsFetchedOnce() throws IOException {
        PublishedSet set =
                new PublishedSet(
                        "pair",
                        List.of(at("absent"), at("good")),
                        List.of(
                                new PublishedFile("a.gz", sha256),
                                new PublishedFile("b.gz", sha256)),
                        List.of());
        fetch(set).run(set.mirrors());
        fetch(set).run(set.mirrors());
        assertArrayEquals(content, Files.readAllBytes(dir.resolve("b.gz")));
        assertEquals(2, ranges.size());
        assertTrue(said.toString().contains("a.gz is there already"), said.toString());
    }

    private final class Run {
        private final Download download;
        private final List<URI> addresses;

        Run(Duration patience, List<String> paths) {
            download = new Download(patience, progress());
            addresses = paths.stream().map(path -> at(path).resolve(NAME)).toList();
        }

        void run(Path target) {
            download.fetch(addresses, target, sha256);
        }
    }

    private Run download(String... paths) {
        return new Run(Duration.ofSeconds(60), List.of(paths));
    }

    private Fetch fetch(PublishedSet set) {
        return new Fetch(set, dir, new Download(Duration.ofSeconds(60), progress()), progress());
    }

    private Progress progress() {
        return new Progress(new PrintStream(said, true), false);
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + path + "/");
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private void serve(String path, Answer answer) {
        server.createContext(
                path,
                exchange -> {
                    try (exchange) {
                        answer.to(exchange);
                    }
                });
    }

    private void send(HttpExchange exchange, byte[] all) throws IOException {
        int from = begin(exchange, all);
        if (from >= 0) {
            exchange.getResponseBody().write(all, from, all.length - from);
        }
    }

    /** Promises all and closes after {@code most} bytes. */
    private void cut(HttpExchange exchange, int most) throws IOException {
        int from = begin(exchange, content);
        OutputStream out = exchange.getResponseBody();
        out.write(content, from, Math.min(most, content.length - from));
        out.flush();
    }

    /** Returns from where on to send; -1 where nothing is to be sent. */
    private int begin(HttpExchange exchange, byte[] all) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        synchronized (ranges) {
            ranges.add(range == null ? "" : range);
        }
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
        if (from >= all.length) {
            exchange.sendResponseHeaders(416, -1);
            return -1;
        }
        if (range != null) {
            exchange.getResponseHeaders()
                    .add(
                            "Content-Range",
                            "bytes " + from + "-" + (all.length - 1) + "/" + all.length);
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, all.length - from);
        return from;
    }

    /** A folder and a file, as tar writes them. */
    private static byte[] archive(String name, byte[] inner) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream tar = new GZIPOutputStream(bytes)) {
            tar.write(head("inside/", 0, '5'));
            tar.write(head(name, inner.length, '0'));
            tar.write(inner);
            tar.write(new byte[(512 - inner.length % 512) % 512 + 1024]);
        }
        return bytes.toByteArray();
    }

    private static byte[] head(String name, int size, char type) {
        byte[] head = new byte[512];
        put(head, 0, name);
        put(head, 124, String.format("%011o", size));
        put(head, 257, "ustar");
        head[156] = (byte) type;
        return head;
    }

    private static void put(byte[] head, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, head, at, bytes.length);
    }

    private String sum(byte[] bytes) throws IOException {
        return Sha256.of(Files.write(dir.resolve("sum"), bytes));
    }

    private static Path part(Path target) {
        return target.resolveSibling(target.getFileName() + Download.PART);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void says(Exception e, String... words) {
        assertTrue(
                e.getMessage().endsWith(".") && e.getMessage().lines().count() == 1,
                e.getMessage());
        for (String word : words) {
            assertTrue(e.getMessage().contains(word), e.getMessage());
        }
    }
}
