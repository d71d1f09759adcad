package org.hermesml.job;

import java.util.Collection;
import org.apache.flink.state.rocksdb.RocksDBOptionsFactory;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;

/**
 * RocksDB's list of its files, the manifest, is begun anew at {@value #MOST_BYTES} bytes. By itself
 * it grows with each checkpoint, up to 1 GB in every subtask with keyed state, and each checkpoint
 * holds a copy of all of it.
 */
public final class BoundedManifest implements RocksDBOptionsFactory {
    static final long MOST_BYTES = 64 << 10;

    private static final long serialVersionUID = 1;

    @Override
    public DBOptions createDBOptions(DBOptions options, Collection<AutoCloseable> toClose) {
        return options.setMaxManifestFileSize(MOST_BYTES);
    }

    @Override
    public ColumnFamilyOptions createColumnOptions(
            ColumnFamilyOptions options, Collection<AutoCloseable> toClose) {
        return options;
    }
}
