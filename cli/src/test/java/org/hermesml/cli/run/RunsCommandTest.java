package org.hermesml.cli.run;

import static org.hermesml.cli.run.Records.RUN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.Score;
import org.junit.jupiter.api.Test;

class RunsCommandTest {
    @Test
    void aLineForEachRunWithItsNewestScoreOrItsResult() {
        Map<String, RunRecord> runs = new TreeMap<>();
        RunRecord running =
                RunRecord.newBuilder()
                        .setRun("a")
                        .setPhase(RunPhase.RUNNING)
                        .setSpec(Records.spec())
                        .build();
        runs.put("a", running);
        runs.put("b", running);
        runs.put(
                RUN,
                RunRecord.newBuilder()
                        .setRun(RUN)
                        .setPhase(RunPhase.ENDED)
                        .setSpec(Records.spec())
                        .setEnd(Records.target())
                        .build());
        Map<String, Score> newest =
                Map.of(
                        "a",
                        Score.newBuilder()
                                .setRun("a")
                                .setVersion(7)
                                .setLoss(0.2)
                                .setAccuracy(0.95)
                                .build());

        assertEquals(
                List.of(
                        "run              phase    dataset  model  method  version  accuracy",
                        "a                running  digits   mlp    hermes        7    95.00%",
                        "b                running  digits   mlp    hermes        -         -",
                        "digits-hermes-1  target   digits   mlp    hermes        1    97.10%"),
                RunsCommand.lines(runs, newest));
    }

    @Test
    void anUnknownRunIsRefusedWithTheKnownOnes() {
        assertEquals(
                "There is no run 'x'; there are none.",
                RunDirectory.unknown("x", Map.of()).getMessage());
        assertEquals(
                "There is no run 'x'; known are: a, b.",
                RunDirectory.unknown(
                                "x",
                                new TreeMap<>(
                                        Map.of(
                                                "a",
                                                RunRecord.getDefaultInstance(),
                                                "b",
                                                RunRecord.getDefaultInstance())))
                        .getMessage());
    }
}
