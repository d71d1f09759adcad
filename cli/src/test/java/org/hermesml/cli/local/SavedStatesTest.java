package org.hermesml.cli.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.hermesml.core.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedStatesTest {
    @TempDir Path dir;

    @Test
    void theNewestOfTheJobIsTakenWhateverLiesBesideIt() throws IOException {
        write("checkpoints/job-1/chk-4", "merge", 1_000);
        Path newest = write("savepoints/savepoint-1", "merge", 3_000);
        write("checkpoints/job-2/chk-9", "another", 4_000);
        Path half = write("checkpoints/job-3/chk-1", "merge", 5_000).resolve("_metadata");
        byte[] bytes = Files.readAllBytes(half);
        Files.write(half, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertEquals(newest, SavedStates.newest(configuration()));
        assertFalse(SavedStates.isWhole(half.getParent()));
        assertTrue(SavedStates.isWhole(newest));
    }

    @Test
    void whereThereIsNoneTheFoldersAreNamed() {
        String said =
                assertThrows(InputException.class, () -> SavedStates.newest(configuration()))
                        .getMessage();
        assertTrue(said.contains(dir.resolve("checkpoints").toString()), said);
        assertTrue(said.contains(dir.resolve("savepoints").toString()), said);
        String remote =
                assertThrows(
                                InputException.class,
                                () ->
                                        SavedStates.newest(
                                                Map.of("execution.checkpointing.dir", "s3://a/b")))
                        .getMessage();
        assertTrue(remote.contains("in no folder of this machine"), remote);
    }

    @Test
    void whatIsNamedIsCheckedBeforeAnythingIsStarted() throws IOException {
        Path good = write("good", "merge", 1);
        assertEquals(good.toUri().toString(), SavedStates.checked(good.toString()));
        assertEquals(
                good.toUri().toString(), SavedStates.checked(good.resolve("_metadata").toString()));
        assertEquals("s3://a/b", SavedStates.checked("s3://a/b"));
        refused(dir.resolve("nothing"), "is no savepoint: there is no file _metadata");
        refused(write("other", "another", 1), "another job than that of Hermes");
        Path odd = Files.createDirectories(dir.resolve("odd"));
        Files.writeString(odd.resolve("_metadata"), "no savepoint at all");
        refused(odd, "is no savepoint that this release can read");
    }

    private static void refused(Path folder, String why) {
        String said =
                assertThrows(InputException.class, () -> SavedStates.checked(folder.toString()))
                        .getMessage();
        assertTrue(said.contains(why), said);
    }

    private Path write(String name, String uid, long timeMs) throws IOException {
        Path folder = Files.createDirectories(dir.resolve(name));
        OperatorState state = new OperatorState(uid, uid, new OperatorID(1, 2), 1, 128);
        try (OutputStream out = Files.newOutputStream(folder.resolve("_metadata"))) {
            Checkpoints.storeCheckpointMetadata(
                    new CheckpointMetadata(7, List.of(state), List.of()), out);
        }
        Files.setLastModifiedTime(folder.resolve("_metadata"), FileTime.fromMillis(timeMs));
        return folder;
    }

    private Map<String, String> configuration() {
        return Map.of(
                "execution.checkpointing.dir",
                dir.resolve("checkpoints").toUri().toString(),
                "execution.checkpointing.savepoint-dir",
                dir.resolve("savepoints").toUri().toString());
    }
}
