package org.hermesml.cli.data;

import static org.hermesml.cli.data.FileServer.says;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.hermesml.cli.data.PublishedSet.PublishedFile;
import org.hermesml.cli.data.PublishedSet.Unpacked;
import org.hermesml.cli.run.RunFailure;
import org.hermesml.core.InputException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchTest {
    @TempDir Path dir;

    private final byte[] content = new byte[30_000];
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private FileServer server;

    @BeforeEach
    void start() throws IOException {
        new Random(1).nextBytes(content);
        server = new FileServer();
        server.serve("good", content);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anArchiveIsUnpackedAndWhatIsThereIsNotFetchedAgain() throws IOException {
        byte[] inner = Arrays.copyOf(content, 5_000);
        byte[] archive = archive("inside/one.bin", inner);
        server.serve("archive", archive);
        PublishedSet set =
                new PublishedSet(
                        "packed",
                        List.of(server.at("archive")),
                        List.of(new PublishedFile("packed.tar.gz", sum(archive))),
                        List.of(new Unpacked("inside/one.bin", inner.length)));
        for (int i = 0; i < 2; i++) {
            fetch(set).run(set.mirrors());
        }
        assertArrayEquals(inner, Files.readAllBytes(dir.resolve("inside/one.bin")));
        assertFalse(Files.exists(dir.resolve("packed.tar.gz")), "not needed any more");
        assertEquals(1, server.ranges().size(), "fetched once");
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
        server.serve("half", half);
        PublishedSet truncated =
                new PublishedSet(
                        "packed",
                        List.of(server.at("half")),
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
                        List.of(server.at("absent"), server.at("good")),
                        List.of(
                                new PublishedFile("a.gz", sum(content)),
                                new PublishedFile("b.gz", sum(content))),
                        List.of());
        fetch(set).run(set.mirrors());
        fetch(set).run(set.mirrors());
        assertArrayEquals(content, Files.readAllBytes(dir.resolve("b.gz")));
        assertEquals(2, server.ranges().size());
        assertTrue(said.toString().contains("a.gz is there already"), said.toString());
    }

    private Fetch fetch(PublishedSet set) {
        Progress progress = new Progress(new PrintStream(said, true), false);
        return new Fetch(set, dir, new Download(Duration.ofSeconds(60), progress), progress);
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
}
