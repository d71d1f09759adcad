package org.hermesml.system;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.hermesml.core.gate.AlwaysPush;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.wire.Topics;

/**
 * A run of ten parameters whose workers are played: they push what they are told to, after each
 * iteration. Rounds end when both workers have pushed.
 */
final class GoldenRun implements AutoCloseable {
    static final String RUN = "golden";
    private static final int PARAMETERS = 10;
    private static final Duration LONG = Duration.ofMinutes(4);

    private final RecordedRun recorded;
    private final PlayedRun played;
    private final Map<String, Long> incarnations = new HashMap<>();

    GoldenRun(String bootstrap) {
        recorded = new RecordedRun(bootstrap, RUN);
        played = new PlayedRun(bootstrap, spec());
    }

    RecordedRun recorded() {
        return recorded;
    }

    /** Publishes the run and its initial model. */
    void begin() throws Exception {
        played.begin();
    }

    void join(String worker) throws Exception {
        incarnations.put(worker, played.hello(worker));
    }

    /** The worker is one that joined before the savepoint. */
    void goesOn(String worker, long incarnation) {
        incarnations.put(worker, incarnation);
    }

    /** One iteration of the worker, with its push. */
    void push(String worker, long clock, long baseVersion) throws Exception {
        long incarnation = incarnations.get(worker);
        int seed = Objects.hash(worker, clock);
        for (UpdateSlice slice :
                played.slices(
                        UpdateIds.of(worker, incarnation, clock),
                        UpdateForm.WEIGHTS,
                        parameter -> Math.sin(seed + parameter))) {
            played.send(slice);
        }
        Report.Builder report = played.iteration(worker, incarnation, clock);
        report.getIterationBuilder()
                .setBaseVersion(baseVersion)
                .setHeldOutLoss(1.0 / clock)
                .setHeldOutAccuracy(0.5)
                .setTrainLoss(1.0 / clock)
                .setSeconds(1)
                .setMiniBatch(10)
                .setBefore(new AlwaysPush(true).start())
                .setZ(Double.NaN)
                .setSliceCount(played.slicing().sliceCount());
        played.send(report.build());
    }

    /** Waits until so many entries of the log count. */
    void awaitEntries(int count) throws Exception {
        Patience.until(
                count + " entries of the log", LONG, () -> recorded.counting().size() >= count);
    }

    void awaitVersion(long version) throws Exception {
        Patience.until(
                "version " + version + " is published",
                LONG,
                () ->
                        recorded.modelSlices().stream()
                                        .filter(slice -> slice.getVersion() == version)
                                        .map(slice -> slice.getSlice())
                                        .distinct()
                                        .count()
                                == played.slicing().sliceCount());
    }

    /** Names the updates of the open round; for messages. */
    String heldNow() throws Exception {
        var state = VerdictLog.EMPTY;
        for (var verdict : recorded.verdicts()) {
            state = VerdictLog.apply(state, verdict).state();
        }
        return state.getHeldList().stream().map(UpdateIds::print).toList().toString();
    }

    @Override
    public void close() {
        played.close();
    }

    private static RunSpec spec() {
        Map<String, String> settings =
                Map.of(
                        "gate", "false",
                        "quorum", "1",
                        "shards", "2",
                        "slice_parameters", "16",
                        "update_type", "fp32",
                        "model_type", "fp32",
                        "min_workers", "2",
                        "score_deadline", "100ms",
                        "target_accuracy", "1.1",
                        "max_time", "8760h");
        return RunSpec.newBuilder()
                .setRun(RUN)
                .setParameterCount(PARAMETERS)
                .setData(PlayedRun.data(8, 1000))
                .setTopicPrefix(Topics.DEFAULT_PREFIX)
                .setCreatedMs(System.currentTimeMillis())
                .putAllSettings(Settings.of(settings).toMap())
                .build();
    }
}
