package org.hermesml.cli.run;

import static org.hermesml.cli.run.Records.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFilesTest {
    private static final long NOW_MS = START_MS + 60_000;

    private static final RunChoice CHOICE =
            new RunChoice("digits", null, "mlp", Settings.defaults());

    private static RunView ended() {
        return view(
                running(),
                hello(0.5, "worker-1", 7),
                initial(1),
                score(1.5, 0, 2.3, 0.1),
                iteration(3, "worker-1", 7, report(1, 0.5, true)),
                admitted(3.25, UpdateIds.of("worker-1", 7, 1), 0.6),
                iteration(4, "worker-1", 7, report(2, 0.45, true)),
                refused(4.25, UpdateIds.of("worker-1", 7, 2), "late"),
                score(4.5, 1, 0.09, 0.971),
                end(42),
                Records.ended(42.5));
    }

    @Test
    void historyHasARowForEachVersionAndBlanksWhereUnscored(@TempDir Path folder)
            throws IOException {
        Path file = folder.resolve("history.csv");
        RunFiles.writeHistory(
                file,
                List.of(
                        new HistoryRow(1, 0, 2.3, 0.1, "", 1, 0, 0),
                        new HistoryRow(3.25, 1, Double.NaN, Double.NaN, "a,b", 0.6, 1000, 10)));

        assertEquals(
                """
                seconds,version,loss,accuracy,worker,weight,bytesUp,bytesDown
                1.000,0,2.3,0.1,,1.0,0,0
                3.250,1,,,"a,b",0.6,1000,10
                """,
                Files.readString(file));
    }

    @Test
    void theSummaryBeginsWithThePromisedKeysInOrder() {
        Exported exported =
                Exported.parse(
                        "{\"version\":1,\"accuracy\":0.968,\"loss\":0.11,\"heldOutAccuracy\":0.971,\"heldOutLoss\":0.09,\"parameters\":109386,\"files\":[\"model.zip\"]}");
        ObjectNode json = new Summary(ended(), CHOICE, 4, target(), exported, NOW_MS).toJson();

        List<String> keys = new ArrayList<>();
        json.fieldNames().forEachRemaining(keys::add);
        assertEquals(
                List.of(
                        "run",
                        "method",
                        "dataset",
                        "model",
                        "parameters",
                        "workers",
                        "seed",
                        "reached",
                        "seconds",
                        "accuracy",
                        "heldOutAccuracy",
                        "loss",
                        "version",
                        "iterations",
                        "pushes",
                        "refused",
                        "bytesUp",
                        "bytesDown",
                        "bytesData",
                        "bytesControl"),
                keys.subList(0, 20));
        assertEquals("hermes", json.get("method").asText());
        assertEquals(4, json.get("workers").asInt());
        assertEquals("target", json.get("reached").asText());
        assertEquals(42.0, json.get("seconds").asDouble());
        assertEquals(0.968, json.get("accuracy").asDouble());
        assertEquals(0.971, json.get("heldOutAccuracy").asDouble());
        assertEquals(0.09, json.get("loss").asDouble());
        assertEquals(2, json.get("iterations").asLong());
        assertEquals(2, json.get("pushes").asLong());
        assertEquals(1, json.get("refused").asLong());
        assertEquals(2000, json.get("bytesUp").asLong());
    }

    @Test
    void withoutAResultTheTestAccuracyIsNullAndNotZero() {
        RunEnd failed =
                RunEnd.newBuilder()
                        .setReason(EndReason.FAILED)
                        .setText("no worker is left")
                        .build();
        Summary summary = new Summary(view(running()), CHOICE, 4, failed, Exported.NONE, NOW_MS);

        assertTrue(summary.toJson().get("accuracy").isNull());
        assertEquals("failed", summary.toJson().get("reached").asText());
        assertFalse(summary.succeeded());
    }

    @Test
    void anUnexpectedLineOfTheExportIsNotTakenForAResult() {
        assertThrows(IllegalStateException.class, () -> Exported.parse("{\"version\":1}"));
        assertThrows(IllegalStateException.class, () -> Exported.parse("oops"));
    }
}
