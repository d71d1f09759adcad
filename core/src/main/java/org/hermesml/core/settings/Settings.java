package org.hermesml.core.settings;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.hermesml.core.InputException;
import org.hermesml.core.NearestName;
import org.hermesml.core.wire.Values;

/** The settings of a run: immutable, every one checked, defaults filled in. */
public final class Settings {
    private static final Map<String, Setting<?>> ALL = new LinkedHashMap<>();

    // ---- the method

    public static final Setting<String> METHOD =
            add(
                    Setting.choice(
                            "method",
                            "hermes",
                            Presets.METHODS,
                            "Synchronisation method: when a worker pushes and how the server merges."));
    public static final Setting<Boolean> GATE =
            add(
                    Setting.flag(
                            "gate",
                            true,
                            "Whether a worker of `hermes` pushes only when its gate says so, or else after each iteration."));
    public static final Setting<Double> ALPHA =
            add(
                    Setting.decimal(
                            "alpha",
                            -0.6,
                            -100,
                            0,
                            "standard deviations",
                            "Threshold of the gate: a worker pushes when the z-score of its held-out loss is at or below it."));
    public static final Setting<Double> BETA =
            add(
                    Setting.decimal(
                            "beta",
                            0.1,
                            0,
                            1,
                            "",
                            "Decay: the threshold is multiplied by (1 - beta) while a worker has to wait too long."));
    public static final Setting<Integer> LAMBDA =
            add(
                    Setting.whole(
                            "lambda",
                            5,
                            1,
                            1_000_000,
                            "iterations",
                            "Patience: iterations without a push after which the threshold decays."));
    public static final Setting<Integer> WINDOW_SIZE =
            add(
                    Setting.whole(
                            "window_size", 5, 2, 10_000, "losses", "Losses in the gate's window."));
    public static final Setting<Boolean> THRESHOLD_RESET =
            add(
                    Setting.flag(
                            "threshold_reset",
                            true,
                            "Whether the threshold returns to alpha at each push (`official` never does)."));
    public static final Setting<Boolean> WINDOW_RESET =
            add(
                    Setting.flag(
                            "window_reset",
                            false,
                            "Whether the gate's window is emptied by each push and pull, as in the paper (`official` always does):"
                                    + " no worker then pushes before its second iteration on a model."));
    public static final Setting<String> MERGE =
            add(
                    Setting.choice(
                            "merge",
                            "round",
                            List.of("round", "average", "delta"),
                            "How `hermes` merges: the weighted mean of a round, that ends with a quorum; or each update by itself,"
                                    + " towards the worker's weights or by adding what the worker changed."));
    public static final Setting<Double> QUORUM =
            add(
                    Setting.decimal(
                            "quorum",
                            0.6,
                            0.01,
                            1,
                            "fraction of the speed of all live workers",
                            "Of `hermes` with merge=round: the workers that have pushed, or have finished an iteration and not pushed,"
                                    + " must have this share of the samples per second of all for a round to end."));
    public static final Setting<Double> GRACE =
            add(
                    Setting.decimal(
                            "grace",
                            0.1,
                            0,
                            10,
                            "fraction of the time until the quorum",
                            "How much longer a round of `hermes` waits for the rest once it has its quorum."));
    public static final Setting<String> MERGE_WEIGHT =
            add(
                    Setting.choice(
                            "merge_weight",
                            "work",
                            List.of("work", "loss", "equal"),
                            "What weighs a worker's model against the others of a round, or against the global one, in `hermes`:"
                                    + " samples trained since its pull / loss, 1 / loss as in the paper, or nothing."));
    public static final Setting<Double> OVERTIME =
            add(
                    Setting.decimal(
                            "overtime",
                            1.5,
                            1,
                            1_000,
                            "times the longest of the three rounds before",
                            "How long a round of `hermes` lasts at most; it then ends without its quorum, and who has not answered is"
                                    + " not waited for until it does."));
    public static final Setting<Double> LOSS_POWER =
            add(
                    Setting.decimal(
                            "loss_power",
                            10,
                            0,
                            100,
                            "",
                            "Losses weigh to this power in `hermes`: 1 as in the paper; the higher, the less a worse model pulls a better"
                                    + " one back, while equal ones are averaged all the same."));
    public static final Setting<Double> DELTA_SCALE =
            add(
                    Setting.decimal(
                            "delta_scale",
                            0,
                            0,
                            100,
                            "",
                            "Factor of an added delta in `hermes` with merge=delta, `asp`, `ssp` and `ringmaster`;"
                                    + " 0 means 1 / live workers."));
    public static final Setting<Double> SERVER_MOMENTUM =
            add(
                    Setting.decimal(
                            "server_momentum",
                            0.5,
                            0,
                            0.99,
                            "",
                            "Momentum of the model at the server, where rounds end: `hermes` with merge=round, `bsp`, `balanced`, `ebsp`,"
                                    + " `selsync` and `fedbuff`:"
                                    + " velocity = momentum * velocity + move, model += velocity."));
    public static final Setting<Double> STALENESS_EXPONENT =
            add(
                    Setting.decimal(
                            "staleness_exponent",
                            2,
                            0,
                            10,
                            "",
                            "p in (d + 1)^-p, the weight of an update with a delay of d versions, in `hermes` and `fedasync`;"
                                    + " the authors of `fedasync` take 0.5."));
    public static final Setting<Double> MIXING =
            add(
                    Setting.decimal(
                            "mixing",
                            0.6,
                            1e-6,
                            1,
                            "",
                            "Share of a worker's model in the global one when it arrives without delay, in `fedasync`."));
    public static final Setting<Integer> STALENESS_BOUND =
            add(
                    Setting.whole(
                            "staleness_bound",
                            3,
                            0,
                            1_000_000,
                            "clocks",
                            "How far a worker may be ahead of the slowest in `ssp`; 0 lets nobody begin before all have finished."));
    public static final Setting<Integer> LOOKAHEAD =
            add(
                    Setting.whole(
                            "lookahead",
                            150,
                            1,
                            100_000,
                            "iterations",
                            "Finishing times of each worker that `ebsp` looks at for its next barrier."));
    public static final Setting<Double> SELSYNC_DELTA =
            add(
                    Setting.decimal(
                            "selsync_delta",
                            0.3,
                            0,
                            1_000_000,
                            "fraction",
                            "Relative change of the smoothed gradient norm from which on a worker asks for a synchronisation in `selsync`."));
    public static final Setting<Double> SELSYNC_SMOOTHING =
            add(
                    Setting.decimal(
                            "selsync_smoothing",
                            0.16,
                            1e-6,
                            1,
                            "",
                            "Weight of the newest gradient norm in the moving average of `selsync`; its authors take workers / 100,"
                                    + " with 16 workers."));
    public static final Setting<Integer> BUFFER_SIZE =
            add(
                    Setting.whole(
                            "buffer_size",
                            10,
                            1,
                            1_000_000,
                            "updates",
                            "Updates that make a version in `fedbuff` (K)."));
    public static final Setting<Double> SERVER_RATE =
            add(
                    Setting.decimal(
                            "server_rate",
                            1,
                            1e-6,
                            100,
                            "",
                            "Factor of the mean delta of a buffer in `fedbuff`."));
    public static final Setting<Integer> DELAY_LIMIT =
            add(
                    Setting.whole(
                            "delay_limit",
                            0,
                            0,
                            1_000_000,
                            "model versions",
                            "Delay from which on an update is dropped in `ringmaster` (R); 0: twice the live workers."));
    public static final Setting<Integer> MIN_WORKERS =
            add(
                    Setting.whole(
                            "min_workers",
                            1,
                            1,
                            1_000_000,
                            "workers",
                            "A run begins when this many workers have joined."));

    // ---- defence

    public static final Setting<Boolean> DEFENCE =
            add(
                    Setting.flag(
                            "defence",
                            true,
                            "Whether updates are held against each other and workers' words against what an evaluator measures, so"
                                    + " that hostile workers cannot spoil the model (docs/defence.md)."));
    public static final Setting<Double> NORM_LIMIT =
            add(
                    Setting.decimal(
                            "norm_limit",
                            10,
                            1,
                            1e9,
                            "times the median of the other workers' newest updates",
                            "An update with a larger norm is refused, where there is `defence`."));
    public static final Setting<Double> LOSS_TOLERANCE =
            add(
                    Setting.decimal(
                            "loss_tolerance",
                            0.05,
                            0.001,
                            1e6,
                            "fraction of the reported loss",
                            "How much more than its worker reported an update's held-out loss may be at an evaluator before that is"
                                    + " taken for a lie; rounding to int8 changes the loss of the built-in mlp by less than 0.005. With `fresh_held_out`"
                                    + " the bound is half as high again."));
    public static final Setting<Double> BOLD_CLAIM =
            add(
                    Setting.decimal(
                            "bold_claim",
                            0.7,
                            0,
                            1,
                            "times the median of the other workers' newest losses",
                            "A reported loss below that is not taken on trust: the update is measured before it counts."));
    public static final Setting<Double> AUDIT_SHARE =
            add(
                    Setting.decimal(
                            "audit_share",
                            0.25,
                            0,
                            1,
                            "fraction of updates",
                            "How many of the updates of workers whose word was borne out an evaluator measures all the same, drawn at"
                                    + " random; it measures all of the others."));
    public static final Setting<Integer> LIES =
            add(
                    Setting.whole(
                            "lies",
                            2,
                            1,
                            1_000_000,
                            "lies",
                            "After so many a worker is expelled: its data go to others, and it takes no further part in the run."
                                    + " One that is twice what may be found counts for two. Never half of all workers."));

    // ---- local work

    public static final Setting<Integer> SAMPLES =
            add(
                    Setting.whole(
                            "samples",
                            5000,
                            1,
                            100_000_000,
                            "samples",
                            "Samples of one iteration before any allocation (n)."));
    public static final Setting<Integer> MINI_BATCH =
            add(
                    Setting.whole(
                            "mini_batch",
                            64,
                            1,
                            65_536,
                            "samples",
                            "Mini-batch size before any allocation (b)."));
    public static final Setting<Integer> LOCAL_EPOCHS =
            add(
                    Setting.whole(
                            "local_epochs",
                            1,
                            1,
                            10_000,
                            "epochs",
                            "Passes over the allocated samples in one iteration (E). The released implementation takes 5;"
                                    + " with 1 the gate looks more often."));
    public static final Setting<Double> TAIL_AVERAGE =
            add(
                    Setting.decimal(
                            "tail_average",
                            0.5,
                            0,
                            1,
                            "fraction of the steps of an epoch",
                            "An iteration ends with the mean of the weights at up to 8 points of this last part of its last epoch;"
                                    + " 0: with the weights as they are. Not with `official`."));
    public static final Setting<Double> LEARNING_RATE =
            add(
                    Setting.decimal(
                            "learning_rate",
                            0.4,
                            1e-9,
                            1000,
                            "",
                            "Learning rate of the built-in models, and of model files that have none (docs/models.md);"
                                    + " `official` needs it at the server too."));
    public static final Setting<String> ENGINE =
            add(
                    Setting.choice(
                            "engine",
                            EngineNames.AUTO,
                            EngineNames.ALL,
                            "What trains the model: Deeplearning4j, plain Java for dense layers with plain SGD, or PyTorch. `auto` takes"
                                    + " what is fastest for the model's format ([engines.md](engines.md))."));
    public static final Setting<Integer> HELD_OUT_SAMPLES =
            add(
                    Setting.whole(
                            "held_out_samples",
                            2000,
                            10,
                            10_000_000,
                            "samples",
                            "Cut from the training part: gate, weights, stopping and target see these, training never does."));
    public static final Setting<Integer> TRAINING_SAMPLES =
            add(
                    Setting.whole(
                            "training_samples",
                            0,
                            0,
                            100_000_000,
                            "samples",
                            "Samples of the training part that are kept for training, drawn by `seed`, held-out ones not counted; 0:"
                                    + " all. A smaller problem, for a comparison that would take too long."));
    public static final Setting<String> PARTITION =
            add(
                    Setting.choice(
                            "partition",
                            "iid",
                            List.of("iid", "labels", "dirichlet"),
                            "How training samples lie in blocks: at random; or in ten parts, each of a tenth of the classes twice"
                                    + " over, or of classes in proportions drawn from a Dirichlet distribution. Unless it is iid, each"
                                    + " worker owns blocks that lie together and borrows none."));
    public static final Setting<Double> DIRICHLET_ALPHA =
            add(
                    Setting.decimal(
                            "dirichlet_alpha",
                            0.5,
                            0.01,
                            1000,
                            "",
                            "Of partition=dirichlet: the smaller, the more the parts differ."));
    public static final Setting<Boolean> FRESH_HELD_OUT =
            add(
                    Setting.flag(
                            "fresh_held_out",
                            false,
                            "Whether a worker measures its loss on a quarter of the held-out samples, drawn anew for each iteration:"
                                    + " what a noisy measure costs."));
    public static final Setting<Long> SEED =
            add(
                    Setting.wholeLong(
                            "seed",
                            1,
                            0,
                            Long.MAX_VALUE,
                            "",
                            "Of everything random in a run: data made, splits, initial weights, draws."));

    // ---- allocation

    public static final Setting<Boolean> ALLOCATION =
            add(
                    Setting.flag(
                            "allocation",
                            true,
                            "Whether samples and mini-batch are fitted to each worker's speed."));
    public static final Setting<List<Integer>> MINI_BATCHES =
            add(
                    Setting.wholes(
                            "mini_batches",
                            List.of(2, 4, 8, 16, 32, 64),
                            1,
                            65_536,
                            "Mini-batch sizes that an allocation may choose from."));
    public static final Setting<Boolean> MINI_BATCH_SEARCH =
            add(
                    Setting.flag(
                            "mini_batch_search",
                            true,
                            "Whether an allocation may change the mini-batch size, or the samples alone."));
    public static final Setting<Double> ALLOCATION_TARGET =
            add(
                    Setting.decimal(
                            "allocation_target",
                            0.1,
                            0,
                            1,
                            "quantile",
                            "Which of the workers' times for `samples` all are fitted to: 0 is the fastest's, 0.5 the median as in the"
                                    + " paper (`official` always takes it)."));
    public static final Setting<Double> LEAST_TRAINING =
            add(
                    Setting.decimal(
                            "least_training",
                            1,
                            0,
                            1_000,
                            "times the overhead",
                            "The time that all are fitted to is at least so many times what an iteration takes besides: evaluating,"
                                    + " pushing and pulling, that quantile of the workers'. 1: half of the time at least is training;"
                                    + " 0: whatever it takes. Not with `official`."));
    public static final Setting<Double> PROBE =
            add(
                    Setting.decimal(
                            "probe",
                            0.125,
                            0.001,
                            1,
                            "fraction of `samples`",
                            "What a worker's first iteration trains, to learn its speed early, where allocation is on; 1: all."
                                    + " Not with `official`."));
    public static final Setting<Double> ALLOCATION_TOLERANCE =
            add(
                    Setting.decimal(
                            "allocation_tolerance",
                            0.15,
                            0.001,
                            10,
                            "fraction of the target time",
                            "Hysteresis: a worker this near the target keeps what it has."));
    public static final Setting<Integer> ALLOCATION_EVERY =
            add(
                    Setting.whole(
                            "allocation_every",
                            3,
                            1,
                            100_000,
                            "iterations",
                            "Iterations of a worker between two changes of its allocation."));
    public static final Setting<Integer> ROTATE_EVERY =
            add(
                    Setting.whole(
                            "rotate_every",
                            10,
                            1,
                            1_000_000,
                            "iterations",
                            "Iterations after which a worker that cannot hold all its blocks exchanges one."));

    public static final Setting<Boolean> FILL_MEMORY =
            add(
                    Setting.flag(
                            "fill_memory",
                            true,
                            "Whether a worker goes on to fetch blocks that others own, while it trains, until its data memory is"
                                    + " full: a fast device then does not go over the same few samples again and again."));

    public static final Setting<Boolean> PREFETCH =
            add(
                    Setting.flag(
                            "prefetch",
                            true,
                            "Whether a worker trains on while blocks of its allocation are still on their way, as soon as it has"
                                    + " an eighth of the samples of one iteration, or else waits for all that it has room for."));

    // ---- stopping

    public static final Setting<Integer> PATIENCE =
            add(
                    Setting.whole(
                            "patience",
                            25,
                            1,
                            1_000_000,
                            "model versions",
                            "Versions without a new best held-out loss that end a run."));
    public static final Setting<Boolean> LEVEL_END =
            add(
                    Setting.flag(
                            "level_end",
                            false,
                            "Whether a run ends that has levelled off: half of its time so far and"
                                    + " 100 versions without a rise of the best held-out accuracy by"
                                    + " 0.001."));
    public static final Setting<Double> TARGET_ACCURACY =
            add(
                    Setting.decimal(
                            "target_accuracy",
                            0.97,
                            0,
                            1.1,
                            "fraction",
                            "Held-out accuracy that ends a run; above 1: never."));
    public static final Setting<Duration> MAX_TIME =
            add(
                    Setting.duration(
                            "max_time",
                            Duration.ofMinutes(30),
                            Duration.ofSeconds(1),
                            Duration.ofDays(365),
                            "Time after which a run ends."));
    public static final Setting<Long> MAX_BYTES =
            add(
                    Setting.wholeLong(
                            "max_bytes",
                            0,
                            0,
                            Long.MAX_VALUE,
                            "bytes",
                            "Bytes of updates after which a run ends; 0: no limit."));
    public static final Setting<Long> MAX_VERSIONS =
            add(
                    Setting.wholeLong(
                            "max_versions",
                            0,
                            0,
                            Long.MAX_VALUE,
                            "model versions",
                            "Versions after which a run ends; 0: no limit."));

    // ---- the wire

    public static final Setting<Integer> SHARDS =
            add(
                    Setting.whole(
                            "shards",
                            4,
                            1,
                            4096,
                            "shards",
                            "Parts of the model that merge side by side."));
    public static final Setting<Integer> SLICE_PARAMETERS =
            add(
                    Setting.whole(
                            "slice_parameters",
                            131_072,
                            16,
                            200_000,
                            "parameters",
                            "Most parameters in one record; 200,000 fp32 values stay below Kafka's default record limit."));
    public static final Setting<String> UPDATE_TYPE =
            add(
                    Setting.choice(
                            "update_type",
                            "int8",
                            Values.TYPES,
                            "Number format of pushed parameters; int8 stands for bytes with a scale for every 256."));
    public static final Setting<String> MODEL_TYPE =
            add(
                    Setting.choice(
                            "model_type",
                            "int8",
                            Values.TYPES,
                            "Number format of published model versions; the server itself keeps fp32."));
    public static final Setting<Boolean> KEEP_UNSENT =
            add(
                    Setting.flag(
                            "keep_unsent",
                            true,
                            "Whether a worker adds what rounding to `update_type` took from a pushed delta to its next one;"
                                    + " only deltas, for weights are replaced by a pull."));
    public static final Setting<Integer> BLOCK_BYTES =
            add(
                    Setting.whole(
                            "block_bytes",
                            262_144,
                            1024,
                            900_000,
                            "bytes",
                            "Most bytes of samples in one data block."));

    // ---- deadlines

    public static final Setting<Double> SILENCE_FACTOR =
            add(
                    Setting.decimal(
                            "silence_factor",
                            10,
                            1.5,
                            1_000_000,
                            "iterations of that worker",
                            "Silence longer than this many of its own iterations counts a worker as gone."));
    public static final Setting<Duration> SILENCE_FLOOR =
            add(
                    Setting.duration(
                            "silence_floor",
                            Duration.ofSeconds(20),
                            Duration.ofMillis(100),
                            Duration.ofDays(1),
                            "No worker counts as gone before this long a silence."));
    public static final Setting<Duration> START_PATIENCE =
            add(
                    Setting.duration(
                            "start_patience",
                            Duration.ofMinutes(2),
                            Duration.ofMillis(100),
                            Duration.ofDays(1),
                            "A worker that has not finished an iteration since it joined holds up others no longer than this, however often"
                                    + " it starts; one that fails for longer owns no data either, until it finishes one."));
    public static final Setting<Duration> RIVAL_MEMORY =
            add(
                    Setting.duration(
                            "rival_memory",
                            Duration.ofMinutes(10),
                            Duration.ofMillis(100),
                            Duration.ofDays(1),
                            "For this long after two processes with one id were seen alive, another process with that id is turned away while"
                                    + " the one in place reports."));
    public static final Setting<Duration> SCORE_DEADLINE =
            add(
                    Setting.duration(
                            "score_deadline",
                            Duration.ofSeconds(5),
                            Duration.ofMillis(10),
                            Duration.ofHours(1),
                            "A score later than this is replaced by the worker's own reported loss."));
    public static final Setting<Duration> PUSH_DEADLINE =
            add(
                    Setting.duration(
                            "push_deadline",
                            Duration.ofMinutes(2),
                            Duration.ofMillis(100),
                            Duration.ofDays(1),
                            "An update that stays incomplete this long after its last slice is refused."));

    private final Map<String, Object> values;

    private Settings(Map<String, Object> values) {
        this.values = values;
    }

    private static <T> Setting<T> add(Setting<T> setting) {
        ALL.put(setting.key(), setting);
        return setting;
    }

    /** Every setting there is, in order of declaration. */
    public static Collection<Setting<?>> all() {
        return List.copyOf(ALL.values());
    }

    /** All defaults. */
    public static Settings defaults() {
        return of(Map.of());
    }

    /**
     * @param texts values by key; what is absent takes its default
     * @throws InputException for an unknown key (naming the nearest known one) or a value out of
     *     range
     */
    public static Settings of(Map<String, String> texts) {
        Map<String, Object> values = new LinkedHashMap<>();
        ALL.forEach((key, setting) -> values.put(key, setting.defaultValue()));
        texts.forEach((key, text) -> values.put(key, known(key).parse(text)));
        return new Settings(values);
    }

    /**
     * Reads settings as people type them, later ones stronger; keys and values are not checked yet.
     *
     * @param assignments each {@code key=value}, as {@code --set} takes it
     * @return texts by key, in order
     * @throws InputException where a key or the equals sign is missing
     */
    public static Map<String, String> assignments(Collection<String> assignments) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                throw new InputException(
                        "--set '"
                                + assignment
                                + "' is no setting; write key=value, such as --set alpha=-1.6.");
            }
            texts.put(assignment.substring(0, equals).trim(), assignment.substring(equals + 1));
        }
        return texts;
    }

    /** A copy with one value changed. */
    public <T> Settings with(Setting<T> setting, T value) {
        Map<String, String> texts = new LinkedHashMap<>(toMap());
        texts.put(setting.key(), setting.print(value));
        return of(texts);
    }

    @SuppressWarnings("unchecked")
    public <T> T get(Setting<T> setting) {
        return (T) Objects.requireNonNull(values.get(setting.key()));
    }

    /** Every setting as text, by key: what {@link #of} reads back to an equal value. */
    public Map<String, String> toMap() {
        Map<String, String> texts = new TreeMap<>();
        ALL.values().forEach(setting -> texts.put(setting.key(), printed(setting)));
        return texts;
    }

    private <T> String printed(Setting<T> setting) {
        return setting.print(get(setting));
    }

    private static Setting<?> known(String key) {
        Setting<?> setting = ALL.get(key);
        if (setting != null) {
            return setting;
        }
        throw new InputException(
                "Unknown setting '"
                        + key
                        + "'; did you mean '"
                        + NearestName.of(key, ALL.keySet())
                        + "'? All settings are listed in docs/settings.md.");
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Settings other && values.equals(other.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return toMap().toString();
    }
}
