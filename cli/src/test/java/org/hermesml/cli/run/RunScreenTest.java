package org.hermesml.cli.run;

import static org.hermesml.cli.run.Records.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.hermesml.core.log.UpdateIds;
import org.junit.jupiter.api.Test;

class RunScreenTest {
    private static final long NOW_MS = START_MS + 83_000;

    private static RunView training() {
        return view(
                running(),
                hello(0, "worker-1", 7),
                initial(1),
                score(1.5, 0, 2.3, 0.1),
                iteration(82, "worker-1", 7, report(45, 0.12034, true)),
                hello(82, "worker-2", 8),
                admitted(82.5, UpdateIds.of("worker-1", 7, 45), 0.6),
                score(83, 1, 0.1234, 0.9612));
    }

    @Test
    void theScreenShowsTheRunAndEachWorker() {
        assertEquals(
                """
                run digits-hermes-1   1 m 23 s
                digits, mlp (109386 parameters), hermes
                version 1   held-out loss 0.1234   accuracy 96.12%   best 96.12% (v1)
                up 45.0 kB   down 450 B   data 500 B   control 90 B
                pushes 1   admitted 1   refused 0

                worker           iter     loss      z threshold pushes samples batch      time
                worker-1           45   0.1203  -1.50     -1.30      1    2500    16    1.25 s
                worker-2            0        -      -         -      0       0     0   joining
                """,
                String.join("\n", RunScreen.lines(training(), NOW_MS, 80)) + "\n");
    }

    @Test
    void beforeTheFirstRecordThereAreDashes() {
        List<String> lines = RunScreen.lines(view(running()), START_MS, 80);

        assertEquals("version -   held-out loss -   accuracy -   best -", lines.get(2));
    }

    @Test
    void expelledWorkersAreNamed() {
        RunView view = training();
        view.feed(expelled(83, UpdateIds.of("worker-10", 9, 2), "it lies"));
        view.feed(expelled(83, UpdateIds.of("worker-2", 8, 1), "it lies"));

        assertTrue(
                RunScreen.lines(view, NOW_MS, 80)
                        .contains("expelled for reporting false losses: worker-2, worker-10"));
    }

    @Test
    void aRunWithoutWorkersSaysThatItWaits() {
        String waits = "waits for workers: none is heard of";

        assertTrue(RunScreen.lines(view(running()), NOW_MS, 80).contains(waits));
        assertFalse(RunScreen.lines(training(), NOW_MS, 80).contains(waits));
    }

    @Test
    void noLineIsWiderThanTheTerminal() {
        RunView view = training();
        view.feed(hello(82, "a-worker-with-a-very-long-name-indeed", 9));

        for (int width : new int[] {40, 80}) {
            assertTrue(
                    RunScreen.lines(view, NOW_MS, width).stream()
                            .allMatch(l -> l.length() <= width));
        }
    }

    @Test
    void theLineForLogsHoldsTheWholeRun() {
        assertEquals(
                "  1 m 23 s  version 1  loss 0.1234  accuracy 96.12%  best 96.12% (v1)  iterations 45"
                        + "  pushes 1  refused 0  up 45.0 kB  down 450 B  workers 1",
                RunScreen.line(training(), NOW_MS));
    }

    @Test
    void aTerminalIsRedrawnInPlaceWithEventsAbove() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Display display =
                new Display(new PrintStream(bytes, true, StandardCharsets.UTF_8), true, 80);
        RunView view = training();

        display.show(view, NOW_MS);
        display.show(view, NOW_MS + 100);
        display.show(view, NOW_MS + 1000);

        String out = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(out.startsWith("worker-1 joined\nworker-2 joined\nrun digits-hermes-1"));
        assertEquals(2, out.split("\033\\[9A\033\\[J", -1).length, out);
    }

    @Test
    void elsewhereOneLineComesEveryFiveSecondsWithoutControlCodes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Display display =
                new Display(new PrintStream(bytes, true, StandardCharsets.UTF_8), false, 80);
        RunView view = training();
        view.takeEvents();

        for (int second = 0; second <= 10; second++) {
            display.show(view, NOW_MS + 1000L * second);
        }

        String out = bytes.toString(StandardCharsets.UTF_8);
        assertEquals(3, out.lines().count());
        assertFalse(out.contains("\033"));
    }

    @Test
    void figuresReadWell() {
        assertEquals("999 B", Figures.bytes(999));
        assertEquals("1.0 kB", Figures.bytes(1000));
        assertEquals("1.0 MB", Figures.bytes(999_999));
        assertEquals("2.5 TB", Figures.bytes(2_500_000_000_000L));
        assertEquals("59 s", Figures.duration(59.4));
        assertEquals("1 m 00 s", Figures.duration(59.6));
        assertEquals("2 h 05 m", Figures.duration(7500));
        assertEquals("-", Figures.decimal(Double.NaN, 2));
    }
}
