package org.hermesml.cli.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.hermesml.cli.proof.Proof;
import org.hermesml.cli.run.TextTable;

/**
 * What was done and what was found.
 *
 * @param kills done
 * @param pauses done
 * @param stuck why it ended before its time; empty: it did not
 * @param unasked ends of devices that nobody had killed
 */
record ChaosResult(
        ChaosPlan plan,
        Map<Target, Integer> kills,
        Map<Target, Integer> pauses,
        Recoveries recoveries,
        Audit audit,
        String stuck,
        int unasked)
        implements Proof.Result {

    int killsDone() {
        return kills.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Whether all that was asked for was done, and nothing was lost or doubled by it. */
    @Override
    public boolean reached() {
        return killsDone() >= plan.kills() && stuck.isEmpty() && audit.clean();
    }

    @Override
    public boolean needsData() {
        return !reached();
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("kills", killsDone())
                .put("admitted", audit.admitted())
                .put("refused", audit.refused())
                .put("lost", audit.lost().size())
                .put("doubled", audit.doubled().size())
                .put("replayEqual", audit.replayEqual());
        seconds(json, "recoverySecondsMedian", recoveries.median());
        seconds(json, "recoverySecondsWorst", recoveries.worst());
        json.put("reached", reached())
                .put("asked", plan.kills())
                .put("seed", plan.seed())
                .put("versions", audit.versions())
                .put("devicesEndedByThemselves", unasked);
        ObjectNode byTarget = json.putObject("targets");
        for (Target target : plan.targets()) {
            ObjectNode of = byTarget.putObject(target.word());
            of.put("kills", kills.getOrDefault(target, 0))
                    .put("pauses", pauses.getOrDefault(target, 0));
            seconds(of, "recoverySecondsMedian", recoveries.median(target));
            seconds(of, "recoverySecondsWorst", recoveries.worst(target));
        }
        faults().forEach(json.putArray("faults")::add);
        return json;
    }

    @Override
    public List<String> lines() {
        TextTable table = new TextTable(List.of("target", "kills", "pauses", "median", "worst"), 1);
        for (Target target : plan.targets()) {
            table.row(
                    target.word(),
                    "" + kills.getOrDefault(target, 0),
                    "" + pauses.getOrDefault(target, 0),
                    text(recoveries.median(target)),
                    text(recoveries.worst(target)));
        }
        table.row(
                "all",
                "" + killsDone(),
                "" + pauses.values().stream().mapToInt(Integer::intValue).sum(),
                text(recoveries.median()),
                text(recoveries.worst()));
        List<String> lines = new ArrayList<>(table.lines());
        lines.add("(median and worst: from a kill to the next merge)");
        lines.add(
                audit.versions()
                        + " versions, "
                        + audit.admitted()
                        + " updates admitted, "
                        + audit.refused()
                        + " refused, "
                        + audit.lost().size()
                        + " lost, "
                        + audit.doubled().size()
                        + " doubled; model and replay "
                        + (audit.replayEqual() ? "equal" : "DIFFERENT"));
        faults().stream().limit(20).forEach(fault -> lines.add("fault: " + fault));
        return lines;
    }

    private List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (!stuck.isEmpty()) {
            faults.add(stuck);
        }
        faults.addAll(audit.lost());
        faults.addAll(audit.doubled());
        faults.addAll(audit.faults());
        return faults;
    }

    private static String text(double seconds) {
        return Double.isNaN(seconds) ? "" : String.format(Locale.ROOT, "%.1f s", seconds);
    }

    private static void seconds(ObjectNode json, String key, double seconds) {
        if (Double.isNaN(seconds)) {
            json.putNull(key);
        } else {
            json.put(key, Math.round(seconds * 100) / 100.0);
        }
    }
}
