package org.hermesml.cli.replay;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.hermesml.cli.run.KafkaSite;
import org.hermesml.cli.run.RunDirectory;
import org.hermesml.core.InputException;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.merge.ModelReplay;
import org.hermesml.core.merge.ReplayStart;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.method.Methods;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.wire.CutCheck;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Values;

/** Makes all versions of a run anew from Kafka alone and compares them with the published ones. */
public final class RunReplay {
    /**
     * @param start where it began
     * @param versions made anew
     * @param compared published versions that were there to be compared with
     * @param fault the first version that is not what it should be; empty: all are equal
     * @param log that was followed
     * @param model that stands after it, {@code [parameters]}
     */
    public record Result(
            ReplayStart start,
            int versions,
            int compared,
            Optional<ReplayedVersion> fault,
            RunLog log,
            float[] model) {

        public boolean equal() {
            return fault.isEmpty();
        }
    }

    private final KafkaSite site;
    private final RunRecord record;
    private final RunSpec spec;
    private final Settings settings;

    /**
     * @throws InputException when there is no such run
     */
    public RunReplay(KafkaSite site, String run) {
        this.site = site;
        this.record = new RunDirectory(site).find(run);
        this.spec = record.getSpec();
        this.settings = Settings.of(spec.getSettingsMap());
    }

    public RunSpec spec() {
        return spec;
    }

    /**
     * Follows the log as it is now.
     *
     * @param each told of every version as it is made
     * @throws InputException when so much is gone that there is no version to begin from
     */
    public Result run(Consumer<ReplayedVersion> each) {
        Slicing slicing = Slicing.of(spec.getParameterCount(), settings);
        // The log first: what it names has been written before it.
        RunLog log = RunLog.read(site, spec.getRun());
        CutCheck cut = new CutCheck(slicing, Methods.of(settings).updateForm());
        try (UpdateSlices slices = UpdateSlices.find(site, spec.getRun(), cut)) {
            PublishedVersions published = PublishedVersions.read(site, spec.getRun(), slicing);
            ReplayStart start = start(log, slices, published);
            List<NumberedVerdict> entries =
                    log.entries().subList(start.entry(), log.entries().size());
            slices.expect(updates(entries));
            float[] weights = start.version() < 0 ? null : published.weights(start.version());
            return follow(
                    log, start, entries, new ModelReplay(spec, weights, slices), published, each);
        }
    }

    private Result follow(
            RunLog log,
            ReplayStart start,
            List<NumberedVerdict> entries,
            ModelReplay replay,
            PublishedVersions published,
            Consumer<ReplayedVersion> each) {
        int versions = 0;
        int compared = 0;
        Optional<ReplayedVersion> fault = Optional.empty();
        for (NumberedVerdict entry : entries) {
            OptionalLong made = replay.apply(entry);
            if (made.isEmpty()) {
                continue;
            }
            ReplayedVersion version =
                    published.compare(made.getAsLong(), modelType(), replay.model());
            each.accept(version);
            versions++;
            if (version.finding() == ReplayedVersion.Finding.EQUAL) {
                compared++;
            } else if (fault.isEmpty() && isFault(version, published)) {
                fault = Optional.of(version);
            }
        }
        if (compared == 0 && fault.isEmpty() && versions > 0 && isEnded()) {
            throw new InputException(
                    "No published version of run "
                            + spec.getRun()
                            + " is kept any more; there is nothing to compare with.");
        }
        float[] model = log.version() < 0 ? new float[0] : replay.model();
        return new Result(start, versions, compared, fault, log, model);
    }

    /**
     * Versions older than the oldest one kept have expired; the newest of a run that goes on are
     * still being written.
     */
    private boolean isFault(ReplayedVersion version, PublishedVersions published) {
        if (version.finding() == ReplayedVersion.Finding.DIFFERENT) {
            return true;
        }
        boolean expired = published.oldest().map(oldest -> version.version() < oldest).orElse(true);
        boolean onItsWay = !isEnded() && version.version() >= published.newest();
        return !expired && !onItsWay;
    }

    private boolean isEnded() {
        return record.getPhase() == RunPhase.ENDED;
    }

    private ReplayStart start(RunLog log, UpdateSlices slices, PublishedVersions published) {
        boolean exact = modelType() == ValueType.FP32;
        return ReplayStart.of(
                        log.entries(),
                        slices::hasAll,
                        version -> exact && published.isWhole(version))
                .orElseThrow(
                        () ->
                                new InputException(
                                        "Run "
                                                + spec.getRun()
                                                + " cannot be replayed: slices of its updates up to "
                                                + ReplayStart.newestGone(
                                                                log.entries(), slices::hasAll)
                                                        .map(UpdateIds::print)
                                                        .orElse("")
                                                + " are no longer kept, and no later version holds all that the merge goes"
                                                + " on from; that takes model_type=fp32 (this run: "
                                                + settings.get(Settings.MODEL_TYPE)
                                                + ") and merges without momentum or gradient sums."));
    }

    private ValueType modelType() {
        return Values.type(settings.get(Settings.MODEL_TYPE));
    }

    private static Set<UpdateId> updates(List<NumberedVerdict> entries) {
        Set<UpdateId> ids = new HashSet<>();
        entries.forEach(entry -> ReplayStart.merged(entry.getVerdict()).ifPresent(ids::add));
        return ids;
    }
}
