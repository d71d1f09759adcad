package org.hermesml.cli.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hermesml.cli.replay.RunLog;
import org.hermesml.cli.run.JobReading;
import org.hermesml.cli.run.KafkaSite;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.operators.Readers;

/**
 * What workers pushed and were told, held against what the verdict log says of it.
 *
 * @param merged by how many entries of the log each update is taken into the model
 * @param refused by the log
 * @param pushed by the newest process of each worker, as its reports say
 * @param promised by directives: the worker was told that it is in the model
 * @param denied likewise: that it is not
 */
record Pushes(
        Map<UpdateId, Integer> merged,
        Set<UpdateId> refused,
        Set<UpdateId> pushed,
        Set<UpdateId> promised,
        Set<UpdateId> denied) {

    /** Everything up to now; the log last, so that no push is seen without its verdict. */
    static Pushes read(KafkaSite site, String run) {
        Set<UpdateId> pushed = pushes(site, run);
        Set<UpdateId> promised = new LinkedHashSet<>();
        Set<UpdateId> denied = new LinkedHashSet<>();
        outcomes(site, run, promised, denied);
        Map<UpdateId, Integer> merged = new HashMap<>();
        Set<UpdateId> refused = new HashSet<>();
        for (NumberedVerdict entry : RunLog.read(site, run).entries()) {
            UpdateIds.of(entry.getVerdict())
                    .filter(id -> !UpdateIds.isInitial(id))
                    .ifPresent(
                            id -> {
                                if (entry.getVerdict().hasRefused()) {
                                    refused.add(id);
                                } else {
                                    merged.merge(id, 1, Integer::sum);
                                }
                            });
        }
        return new Pushes(merged, refused, pushed, promised, denied);
    }

    /** Pushed by a process that still lives, and not decided. */
    List<UpdateId> unanswered() {
        return pushed.stream()
                .filter(id -> !merged.containsKey(id) && !refused.contains(id))
                .toList();
    }

    /** Each with what is wrong. */
    List<String> lost() {
        List<String> lost = new ArrayList<>();
        unanswered().forEach(id -> lost.add(UpdateIds.print(id) + " was pushed and never decided"));
        promised.stream()
                .filter(id -> !merged.containsKey(id))
                .forEach(id -> lost.add(UpdateIds.print(id) + " was promised and is not merged"));
        denied.stream()
                .filter(merged::containsKey)
                .forEach(id -> lost.add(UpdateIds.print(id) + " was denied and is merged"));
        return lost;
    }

    List<String> doubled() {
        return merged.entrySet().stream()
                .filter(entry -> entry.getValue() > 1 || refused.contains(entry.getKey()))
                .map(entry -> UpdateIds.print(entry.getKey()) + " is decided more than once")
                .toList();
    }

    private static Set<UpdateId> pushes(KafkaSite site, String run) {
        Map<String, Long> newest = new HashMap<>();
        Set<UpdateId> all = new LinkedHashSet<>();
        site.readToEnd(
                site.topics().reports(),
                record -> {
                    Report report =
                            JobReading.of(Readers::report, record)
                                    .map(event -> event.getReport().getReport())
                                    .filter(found -> found.getRun().equals(run))
                                    .orElse(Report.getDefaultInstance());
                    if (report.hasHello()) {
                        newest.merge(report.getWorker(), record.offset(), Math::max);
                    } else if (report.getIteration().getPush()) {
                        all.add(
                                UpdateIds.of(
                                        report.getWorker(),
                                        report.getIncarnation(),
                                        report.getIteration().getClock()));
                    }
                });
        all.removeIf(id -> newest.getOrDefault(id.getWorker(), -1L) != id.getIncarnation());
        return all;
    }

    private static void outcomes(
            KafkaSite site, String run, Set<UpdateId> promised, Set<UpdateId> denied) {
        site.readToEnd(
                site.topics().directives(run),
                record -> {
                    Directive directive = Directive.parseFrom(record.value());
                    if (directive.hasOutcome()) {
                        UpdateId id =
                                UpdateIds.of(
                                        directive.getWorker(),
                                        directive.getIncarnation(),
                                        directive.getOutcome().getSequence());
                        (directive.getOutcome().getAdmitted() ? promised : denied).add(id);
                    }
                });
    }
}
