package org.hermesml.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Straight on RocksDB: a flush for each checkpoint. */
class BoundedManifestTest {
    private static final int FLUSHES = 1_000;

    static {
        RocksDB.loadLibrary();
    }

    @TempDir Path folder;

    @Test
    void theManifestStaysBoundedHoweverOftenFilesComeAndGo() throws Exception {
        long most = mostAfterFlushes(folder.resolve("bounded"), bounded());
        assertTrue(most < 1.5 * BoundedManifest.MOST_BYTES, most + " bytes");
    }

    @Test
    void byItselfItGrowsOn() throws Exception {
        long most = mostAfterFlushes(folder.resolve("unbounded"), new DBOptions());
        assertTrue(most > 1.5 * BoundedManifest.MOST_BYTES, most + " bytes");
    }

    @Test
    void flinkTakesItFromTheJob() throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        HermesJob.build(env, JobSettings.of());
        assertEquals("rocksdb", env.getConfiguration().get(StateBackendOptions.STATE_BACKEND));
        assertEquals(
                BoundedManifest.class.getName(),
                env.getConfiguration().get(RocksDBOptions.OPTIONS_FACTORY));
        EmbeddedRocksDBStateBackend backend =
                new EmbeddedRocksDBStateBackend()
                        .configure(env.getConfiguration(), getClass().getClassLoader());
        assertEquals(BoundedManifest.class, backend.getRocksDBOptions().getClass());
    }

    private static DBOptions bounded() {
        return new BoundedManifest().createDBOptions(new DBOptions(), new ArrayList<>());
    }

    /** The largest size that the manifest had. */
    private static long mostAfterFlushes(Path at, DBOptions options)
            throws RocksDBException, IOException {
        List<ColumnFamilyHandle> states = new ArrayList<>();
        long most = 0;
        try (options;
                FlushOptions waits = new FlushOptions().setWaitForFlush(true);
                RocksDB db =
                        RocksDB.open(
                                options.setCreateIfMissing(true),
                                at.toString(),
                                List.of(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY)),
                                states)) {
            for (int i = 0; i < FLUSHES; i++) {
                db.put(("key-" + i % 10).getBytes(StandardCharsets.UTF_8), new byte[100]);
                db.flush(waits, states.get(0));
                most = Math.max(most, manifest(at));
            }
            states.forEach(ColumnFamilyHandle::close);
        }
        return most;
    }

    private static long manifest(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("MANIFEST"))
                    .mapToLong(BoundedManifestTest::size)
                    .max()
                    .orElseThrow();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
