package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.merge.ModelReplay;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Values;

/** Compares what the job published with what follows from the verdict log and the slices. */
final class Replayed {
    private final RecordedRun run;
    private final RunSpec spec;
    private final Map<String, UpdateSlice> updates = new HashMap<>();
    private final Map<String, ModelSlice> models = new HashMap<>();

    Replayed(RecordedRun run) throws Exception {
        this.run = run;
        this.spec = run.spec();
        for (UpdateSlice slice : run.updateSlices()) {
            // what is sent again says the same; the job keeps the first, too
            updates.putIfAbsent(place(slice.getId(), slice.getSlice()), slice);
        }
    }

    /**
     * Every version is there, whole, and equals the replay byte for byte; so does every further
     * copy that a restored job wrote.
     *
     * @return how many versions were compared
     */
    int assertSameBytes() throws Exception {
        takeModels();
        Slicing slicing = Slicing.of(spec.getParameterCount(), Settings.of(spec.getSettingsMap()));
        ModelReplay replay =
                new ModelReplay(
                        spec,
                        (id, slice) -> {
                            UpdateSlice update = updates.get(place(id, slice));
                            assertNotNull(update, () -> "no slice " + place(id, slice));
                            return Values.decode(update.getValues(), update.getType());
                        });
        int versions = 0;
        for (Verdict verdict : run.verdicts()) {
            OptionalLong made = replay.apply(verdict);
            if (made.isPresent()) {
                assertSame(made.getAsLong(), replay.model(), slicing);
                versions++;
            }
        }
        assertEquals((long) versions * slicing.sliceCount(), models.size(), run.run());
        return versions;
    }

    /** No update counts twice, and none counts that was refused. */
    void assertEachUpdateCountsOnce() throws Exception {
        Set<String> decided = new HashSet<>();
        List<String> twice = new ArrayList<>();
        for (NumberedVerdict entry : run.counting()) {
            Verdict verdict = entry.getVerdict();
            UpdateId id =
                    switch (verdict.getDecisionCase()) {
                        case ADMITTED -> verdict.getAdmitted().getId();
                        case HELD -> verdict.getHeld().getId();
                        case REFUSED -> verdict.getRefused().getId();
                        default -> null;
                    };
            if (id != null && !decided.add(UpdateIds.print(id))) {
                twice.add(UpdateIds.print(id));
            }
        }
        assertEquals(List.of(), twice, run.run());
        assertTrue(decided.size() > 1, run.run());
    }

    private void takeModels() throws Exception {
        for (ModelSlice slice : run.modelSlices()) {
            ModelSlice first =
                    models.putIfAbsent(slice.getVersion() + "/" + slice.getSlice(), slice);
            if (first != null) {
                assertEquals(
                        first,
                        slice,
                        () -> "copies of version " + slice.getVersion() + " of " + run.run());
            }
        }
    }

    private void assertSame(long version, float[] replayed, Slicing slicing) {
        for (Slicing.Slice part : slicing.slices()) {
            ModelSlice published = models.get(version + "/" + part.slice());
            String what = "slice " + part.slice() + " of version " + version + " of " + run.run();
            assertNotNull(published, what);
            ByteString values =
                    Values.encode(replayed, (int) part.first(), part.count(), published.getType());
            assertEquals(values, published.getValues(), what);
            assertEquals(Values.crc32c(values), published.getCrc32C(), what);
        }
    }

    private static String place(UpdateId id, int slice) {
        return UpdateIds.print(id) + "/" + slice;
    }
}
