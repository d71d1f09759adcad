package org.hermesml.operators;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.Held;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.Refused;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.ShardEvent;
import org.hermesml.core.state.VerdictLogState;
import org.hermesml.core.wire.Values;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One shard of two slices, [16] and [4]; straight on RocksDB, and restored after every element. */
class MergeFunctionTest {
    private static final RunSpec SPEC =
            Fixtures.spec(Map.of("shards", "1", "slice_parameters", "16")).toBuilder()
                    .setParameterCount(20)
                    .build();
    private static final UpdateId A = UpdateIds.of("a", 1, 1);
    private static final UpdateId B = UpdateIds.of("b", 2, 1);

    private final List<ModelSlice> models = new ArrayList<>();
    private FunctionHost<ShardEvent, ModelSlice> host;
    private VerdictLogState log = VerdictLog.EMPTY;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void slicesWaitForTheirVerdict(boolean restoreAlways) throws Exception {
        story(
                restoreAlways,
                () -> {
                    slices(UpdateIds.INITIAL, 1);
                    assertEquals(0, models.size());
                    read(admitted(UpdateIds.INITIAL, MergeKind.REPLACE, 1));
                    assertEquals(2, models.size());
                    assertEquals(0, models.get(0).getVersion());
                    assertArrayEquals(filled(16, 1), values(models.get(0)));
                    assertArrayEquals(filled(4, 1), values(models.get(1)));
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aVerdictWaitsForAllItsSlices(boolean restoreAlways) throws Exception {
        story(
                restoreAlways,
                () -> {
                    begin();
                    read(admitted(A, MergeKind.AVERAGE, 0.5));
                    slice(A, 1, 3);
                    assertEquals(0, models.size());
                    slice(A, 0, 3);
                    assertEquals(2, models.size());
                    assertArrayEquals(filled(16, 2), values(models.get(0)));
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOrderOfTheLogHoldsThoughTheSlicesOfItsSecondEntryCameFirst(boolean restoreAlways)
            throws Exception {
        story(
                restoreAlways,
                () -> {
                    begin();
                    slices(B, 5);
                    read(admitted(A, MergeKind.REPLACE, 1));
                    read(admitted(B, MergeKind.AVERAGE, 0.5));
                    assertEquals(0, models.size());
                    slices(A, 3);
                    assertEquals(4, models.size());
                    assertArrayEquals(filled(16, 3), values(models.get(0)));
                    assertArrayEquals(filled(16, 4), values(models.get(2)));
                    assertEquals(2, models.get(2).getVersion());
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatComesTwiceIsDropped(boolean restoreAlways) throws Exception {
        story(
                restoreAlways,
                () -> {
                    begin();
                    slice(A, 0, 3);
                    slice(A, 0, 9);
                    slice(A, 1, 3);
                    ShardEvent verdict = event(admitted(A, MergeKind.REPLACE, 1));
                    models.addAll(host.feed(verdict));
                    int entries = host.keyedEntries();
                    models.addAll(host.feed(verdict));
                    slices(A, 7);
                    assertEquals(2, models.size());
                    assertArrayEquals(filled(16, 3), values(models.get(0)), "the first one counts");
                    assertEquals(entries, host.keyedEntries(), "late slices are not kept");
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSlicesOfARefusedUpdateGo(boolean restoreAlways) throws Exception {
        story(
                restoreAlways,
                () -> {
                    begin();
                    int before = host.keyedEntries();
                    slice(A, 0, 3);
                    assertEquals(before + 1, host.keyedEntries());
                    read(
                            Verdict.newBuilder()
                                    .setRefused(Refused.newBuilder().setId(A).setReason("no")));
                    assertEquals(before, host.keyedEntries());
                    slice(A, 1, 3);
                    assertEquals(before, host.keyedEntries());
                    assertEquals(0, models.size());
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRoundIsTheWeightedMeanOfWhatWasHeldAndKeepsNoUpdate(boolean restoreAlways)
            throws Exception {
        story(
                restoreAlways,
                () -> {
                    begin();
                    int before = host.keyedEntries();
                    slices(A, 2);
                    slices(B, 6);
                    read(Verdict.newBuilder().setHeld(Held.newBuilder().setId(A).setWeight(1)));
                    read(Verdict.newBuilder().setHeld(Held.newBuilder().setId(B).setWeight(3)));
                    if (!restoreAlways) {
                        // On RocksDB each piece is an entry; a heap counts a map as one.
                        assertEquals(before + 2, host.keyedEntries(), "one sum for each slice");
                    }
                    assertEquals(0, models.size());
                    read(Verdict.newBuilder().setRoundClosed(RoundClosed.newBuilder()));
                    assertArrayEquals(filled(16, 5), values(models.get(0)));
                    assertEquals(before, host.keyedEntries());
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSliceThatFitsNoPlaceOfTheShardIsNotKept(boolean restoreAlways) throws Exception {
        story(
                restoreAlways,
                () -> {
                    begin();
                    int before = host.keyedEntries();
                    UpdateSlice slice = update(A, 1).get(0);
                    feed(slice.toBuilder().setSlice(99).build());
                    feed(slice.toBuilder().setCount(5).build());
                    feed(slice.toBuilder().setShard(77_777).build());
                    feed(slice.toBuilder().setShard(-1).build());
                    int kept = host.keyedEntries() - before;
                    assertTrue(kept <= 2, "no more than a mark that the key was seen: " + kept);
                });
    }

    // ---- the shard

    private interface Steps {
        void run() throws Exception;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAVersionIsRoundedByIsNotInTheModel(boolean restoreAlways) throws Exception {
        RunSpec coarse =
                SPEC.toBuilder()
                        .putSettings("method", "asp")
                        .putSettings("model_type", "int8")
                        .build();
        host = Hosts.merge(restoreAlways);
        try (var closing = host) {
            closing.run(Fixtures.running(coarse));
            float[] start = filled(20, 0.003f);
            start[0] = 1;
            feedAll(UpdateIds.INITIAL, UpdateForm.WEIGHTS, start);
            read(admitted(UpdateIds.INITIAL, MergeKind.REPLACE, 1));
            assertEquals(ValueType.INT8, models.get(0).getType());
            assertEquals(16 + 4, models.get(0).getValues().size());
            assertArrayEquals(new float[15], Arrays.copyOfRange(values(models.get(0)), 1, 16));
            feedAll(A, UpdateForm.DELTA, filled(20, 0.003f));
            read(admitted(A, MergeKind.ADD, 1));
            // 0.006 is nearest to one scale; 0.003, had the zeros of before been kept, to none
            float[] next = values(models.get(2));
            assertEquals(1.003f / 127, next[1], 1e-7f);
            assertEquals(1.003f, next[0], 1e-6f);
        }
    }

    private void feedAll(UpdateId id, UpdateForm form, float[] values) throws Exception {
        for (UpdateSlice slice : Fixtures.slices(SPEC, id, form, values)) {
            feed(slice);
        }
    }

    private void story(boolean restoreAlways, Steps steps) throws Exception {
        host = Hosts.merge(restoreAlways);
        try (var closing = host) {
            closing.run(Fixtures.running(SPEC));
            steps.run();
        }
    }

    private void begin() throws Exception {
        slices(UpdateIds.INITIAL, 1);
        read(admitted(UpdateIds.INITIAL, MergeKind.REPLACE, 1));
        host.restore();
        models.clear();
    }

    private void slices(UpdateId id, float value) throws Exception {
        for (UpdateSlice slice : update(id, value)) {
            feed(slice);
        }
    }

    private void slice(UpdateId id, int slice, float value) throws Exception {
        feed(update(id, value).get(slice));
    }

    private void feed(UpdateSlice slice) throws Exception {
        models.addAll(
                host.feed(
                        ShardEvent.newBuilder()
                                .setRun(Fixtures.RUN)
                                .setShard(slice.getShard())
                                .setSlice(slice)
                                .build()));
    }

    private static List<UpdateSlice> update(UpdateId id, float value) {
        return Fixtures.slices(SPEC, id, UpdateForm.WEIGHTS, filled(20, value));
    }

    private void read(Verdict.Builder verdict) throws Exception {
        models.addAll(host.feed(event(verdict)));
    }

    private ShardEvent event(Verdict.Builder verdict) {
        VerdictLog.Step step = VerdictLog.apply(log, verdict.setRun(Fixtures.RUN).build());
        log = step.state();
        return Events.forShard(step.entry(), 0);
    }

    private static Verdict.Builder admitted(UpdateId id, MergeKind kind, double c) {
        return Verdict.newBuilder()
                .setAdmitted(Admitted.newBuilder().setId(id).setKind(kind).setCoefficient(c));
    }

    private static float[] values(ModelSlice slice) {
        return Values.decode(slice.getValues(), slice.getType());
    }

    private static float[] filled(int count, float value) {
        float[] all = new float[count];
        Arrays.fill(all, value);
        return all;
    }
}
