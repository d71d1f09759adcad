package org.hermesml.cli.run;

import static org.hermesml.cli.run.Figures.bytes;
import static org.hermesml.cli.run.Figures.duration;
import static org.hermesml.cli.run.Figures.percent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.settings.Settings;

/**
 * What a run came to.
 *
 * @param choice what was asked for
 * @param workers asked for
 * @param result of the exported model; {@link Exported#NONE} where there is none
 */
record Summary(
        RunView view, RunChoice choice, int workers, RunEnd end, Exported result, long nowMs) {

    /** {@code target}, {@code converged}, {@code time}, {@code failed} or {@code stopped}. */
    static String reached(RunEnd end) {
        return end.getReason() == EndReason.END_REASON_UNSPECIFIED
                ? "failed"
                : end.getReason().name().toLowerCase(Locale.ROOT);
    }

    /** Whether the run came to an end of its own, whatever its accuracy. */
    boolean succeeded() {
        return switch (end.getReason()) {
            case TARGET, CONVERGED, TIME, STOPPED -> true;
            default -> false;
        };
    }

    /**
     * Bytes are key and value bytes of records, counted by the workers over all their lives:
     * updates sent, models read, data read, and control (reports sent and directives read). The
     * evaluator's traffic is not in them.
     */
    ObjectNode toJson() {
        RunSpec spec = view.spec();
        Totals t = view.totals(nowMs);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("run", view.run());
        json.put("method", choice.settings().get(Settings.METHOD));
        json.put("dataset", spec.getDataset().isEmpty() ? choice.dataset() : spec.getDataset());
        json.put("model", spec.getModel().isEmpty() ? choice.model() : spec.getModel());
        json.put("parameters", spec.getParameterCount());
        json.put("workers", workers);
        json.put("seed", choice.settings().get(Settings.SEED));
        json.put("reached", reached(end));
        json.put("seconds", Math.round(t.seconds() * 1000) / 1000.0);
        number(json, "accuracy", result.accuracy());
        number(
                json,
                "heldOutAccuracy",
                result.isPresent() ? result.heldOutAccuracy() : t.bestAccuracy());
        number(json, "loss", result.isPresent() ? result.heldOutLoss() : t.bestLoss());
        json.put("version", result.isPresent() ? result.version() : t.bestVersion());
        json.put("iterations", t.iterations());
        json.put("pushes", t.pushes());
        json.put("refused", t.refused());
        json.put("bytesUp", t.bytesUp());
        json.put("bytesDown", t.bytesDown());
        json.put("bytesData", t.bytesData());
        json.put("bytesControl", t.bytesControl());
        json.put("versions", t.version() + 1);
        json.put("admitted", t.admitted() + t.held());
        number(json, "testLoss", result.loss());
        json.put("reason", end.getText());
        view.expelled().forEach(json.putArray("expelled")::add);
        return json;
    }

    /** What was reached, for people. */
    List<String> lines() {
        Totals t = view.totals(nowMs);
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Run " + view.run() + " ended (" + reached(end) + "): " + end.getText());
        if (result.isPresent()) {
            lines.add(
                    "Version "
                            + result.version()
                            + ": accuracy "
                            + percent(result.accuracy())
                            + " on the test part, "
                            + percent(result.heldOutAccuracy())
                            + " held-out");
        }
        lines.add(
                duration(t.seconds())
                        + ", "
                        + t.iterations()
                        + " iterations, "
                        + t.pushes()
                        + " pushes, "
                        + bytes(t.bytesUp())
                        + " of updates sent, "
                        + bytes(t.bytesDown())
                        + " of models read");
        if (!view.expelled().isEmpty()) {
            lines.add(
                    "Expelled for reporting false losses: "
                            + String.join(", ", view.expelled())
                            + "; the log of verdicts has what was measured.");
        }
        return lines;
    }

    private static void number(ObjectNode json, String key, double value) {
        if (Double.isFinite(value)) {
            json.put(key, value);
        } else {
            json.putNull(key);
        }
    }
}
