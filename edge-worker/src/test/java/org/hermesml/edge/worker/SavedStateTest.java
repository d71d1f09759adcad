package org.hermesml.edge.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.Restored;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.state.WorkerSnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedStateTest {
    private static final int PARAMETERS = 40_000;

    @TempDir Path dir;

    private static RunSpec spec(String run, long createdMs) {
        return RunSpec.newBuilder()
                .setRun(run)
                .setCreatedMs(createdMs)
                .setParameterCount(PARAMETERS)
                .build();
    }

    private SavedState state(String run, long createdMs, String worker) {
        return new SavedState(dir.resolve("state"), spec(run, createdMs), worker);
    }

    private static float[] values(int seed) {
        float[] values = new float[PARAMETERS];
        Random random = new Random(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }

    private static StateFile.Content content(long clock, boolean pulls) {
        return new StateFile.Content(
                WorkerSnapshot.newBuilder()
                        .setRestored(
                                Restored.newBuilder()
                                        .setIncarnation(7)
                                        .setClock(clock)
                                        .setPulls(pulls))
                        .setPush(PushState.newBuilder().addLosses(0.5).setThreshold(-1))
                        .setBaseVersion(3)
                        .setIterations(9)
                        .build(),
                pulls ? new float[0] : values(1),
                pulls ? new float[0] : values(2),
                values(3));
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("state"))) {
            return files.findFirst().orElseThrow();
        }
    }

    @Test
    void whatIsReadIsWhatWasWritten() {
        state("r", 1, "w").write(content(4, false));
        StateFile.Content read = state("r", 1, "w").read().orElseThrow();
        assertEquals(4, read.header().getRestored().getClock());
        assertEquals(content(4, false).header().getPush(), read.header().getPush());
        assertArrayEquals(values(1), read.weights());
        assertArrayEquals(values(2), read.pulled());
        assertArrayEquals(values(3), read.unsent());
    }

    @Test
    void theNewestTakesThePlaceOfAllBefore() throws IOException {
        SavedState state = state("r", 1, "w");
        state.write(content(4, false));
        long size = Files.size(file());
        state.write(content(5, true));
        StateFile.Content read = state("r", 1, "w").read().orElseThrow();
        assertTrue(read.header().getRestored().getPulls());
        assertEquals(0, read.weights().length, "whoever pulls needs no weights");
        assertArrayEquals(values(3), read.unsent());
        assertTrue(Files.size(file()) < 0.5 * size);
        state.remove();
        assertTrue(state("r", 1, "w").read().isEmpty());
    }

    @Test
    void stateOfAnotherRunOrWorkerOrModelIsNotTaken() {
        state("r", 1, "w").write(content(4, false));
        assertTrue(state("r", 2, "w").read().isEmpty(), "a later run of the same name");
        assertTrue(state("r", 1, "v").read().isEmpty());
        RunSpec larger = spec("r", 1).toBuilder().setParameterCount(PARAMETERS + 1).build();
        assertTrue(new SavedState(dir.resolve("state"), larger, "w").read().isEmpty());
        assertTrue(state("r", 1, "w").read().isPresent());
    }

    @Test
    void nothingThatIsDamagedOrCutOffIsTaken() throws IOException {
        state("r", 1, "w").write(content(4, false));
        byte[] good = Files.readAllBytes(file());
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            byte[] bad = good.clone();
            if (i % 2 == 0) {
                bad[random.nextInt(i % 4 == 0 ? 60 : bad.length)] ^=
                        (byte) (1 << random.nextInt(8));
            } else {
                bad = java.util.Arrays.copyOf(bad, random.nextInt(bad.length));
            }
            Files.write(file(), bad);
            assertTrue(state("r", 1, "w").read().isEmpty(), "damage " + i);
        }
        Files.write(file(), good);
        assertTrue(state("r", 1, "w").read().isPresent());
    }

    @Test
    void whereItCannotBeWrittenNothingOldIsLeftToGoOnFrom() throws IOException {
        SavedState state = state("r", 1, "w");
        state.write(content(4, false));
        // A folder in the way of the file that is written aside: so a full disk behaves.
        Files.createDirectory(file().resolveSibling(file().getFileName() + ".new"));
        state.write(content(5, true));
        assertTrue(state("r", 1, "w").read().isEmpty(), "what it holds has been pushed since");
    }

    @Test
    void statesOfRunsWhoseEndWasNeverHeardOfAreBounded() throws IOException {
        for (int run = 0; run < 30; run++) {
            state("r" + run, 1, "w").read();
            state("r" + run, 1, "w").write(content(1, true));
            state("r" + run, 1, "other").write(content(1, true));
        }
        try (Stream<Path> files = Files.list(dir.resolve("state"))) {
            assertEquals(30 + 8, files.count(), "of this worker no more than 8");
        }
    }

    @Test
    void whatAKilledWorkerHadBegunToWriteIsBoundedToo() throws IOException {
        for (int run = 0; run < 30; run++) {
            SavedState state = state("r" + run, 1, "w");
            state.read();
            state.write(content(1, true));
            Path file = dir.resolve("state").resolve("r" + run + "+w.state");
            Files.move(file, StateFile.aside(file));
        }
        SavedState last = state("r30", 1, "w");
        last.read();
        last.write(content(1, true));
        Files.writeString(StateFile.aside(dir.resolve("state/r30+w.state")), "begun");
        last.remove();
        try (Stream<Path> files = Files.list(dir.resolve("state"))) {
            assertEquals(7, files.count());
        }
    }

    @Test
    void writingTakesLittleOfTheTime() {
        SavedState state = state("r", 1, "w");
        assertTrue(state.isDue());
        state.write(content(4, false));
        assertFalse(state.isDue());
    }
}
