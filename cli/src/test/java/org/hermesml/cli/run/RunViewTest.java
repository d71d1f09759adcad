package org.hermesml.cli.run;

import static org.hermesml.cli.run.Records.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.Dismissal;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.junit.jupiter.api.Test;

class RunViewTest {
    private static final long NOW_MS = START_MS + 10_000;

    @Test
    void eachVersionHasARowWithItsScoreWhereThereIsOne() {
        RunView view =
                view(
                        running(),
                        hello(0.5, "worker-1", 7),
                        initial(1),
                        score(1.5, 0, 2.3, 0.1),
                        iteration(3, "worker-1", 7, report(1, 0.5, true)),
                        admitted(3.25, UpdateIds.of("worker-1", 7, 1), 0.6),
                        iteration(5, "worker-1", 7, report(2, 0.4, true)),
                        admitted(5.25, UpdateIds.of("worker-1", 7, 2), 0.5));

        List<HistoryRow> rows = view.history();

        assertEquals(new HistoryRow(1, 0, 2.3, 0.1, "", 1, 0, 0), rows.get(0));
        assertEquals(
                new HistoryRow(3.25, 1, Double.NaN, Double.NaN, "worker-1", 0.6, 1000, 10),
                rows.get(1));
        assertEquals(
                new HistoryRow(5.25, 2, Double.NaN, Double.NaN, "worker-1", 0.5, 2000, 20),
                rows.get(2));
        assertEquals(3, rows.size());
    }

    @Test
    void aSecondVerdictForTheSamePushMakesNoVersion() {
        RunView view =
                view(
                        running(),
                        initial(1),
                        admitted(2, UpdateIds.of("worker-1", 7, 1), 0.6),
                        admitted(3, UpdateIds.of("worker-1", 7, 1), 0.7),
                        refused(4, UpdateIds.of("worker-1", 7, 1), "late"));

        assertEquals(2, view.history().size());
        assertEquals(1, view.totals(NOW_MS).admitted());
        assertEquals(0, view.totals(NOW_MS).refused());
    }

    @Test
    void aRoundIsOneVersionOfAllItsWorkers() {
        RunView view =
                view(
                        running(),
                        initial(1),
                        held(2, UpdateIds.of("worker-2", 4, 1), 0),
                        held(3, UpdateIds.of("worker-1", 3, 1), 0),
                        closed(3, 0, 2));

        HistoryRow row = view.history().get(1);
        assertEquals("worker-2+worker-1", row.worker());
        assertEquals(1.0, row.weight());
        assertEquals(2, view.totals(NOW_MS).held());
        assertEquals(1, view.totals(NOW_MS).version());
    }

    @Test
    void countersOfAllLivesOfAWorkerAddUp() {
        RunView view =
                view(
                        running(),
                        hello(0, "worker-1", 7),
                        iteration(1, "worker-1", 7, report(1, 0.9, false)),
                        iteration(2, "worker-1", 7, report(2, 0.8, true)),
                        hello(3, "worker-1", 20),
                        iteration(4, "worker-1", 20, report(1, 0.7, true)));

        Totals totals = view.totals(NOW_MS);
        assertEquals(3, totals.iterations());
        assertEquals(2, totals.pushes());
        assertEquals(3000, totals.bytesUp());
        assertEquals(30, totals.bytesDown());
        assertEquals(1000, totals.bytesData());
        assertEquals(6, totals.bytesControl());
        assertEquals(0.7, view.workers(NOW_MS).get(0).loss());
    }

    @Test
    void aReportSentTwiceCountsOnce() {
        Seen report = iteration(1, "worker-1", 7, report(1, 0.9, true));

        Totals totals = view(running(), hello(0, "worker-1", 7), report, report).totals(NOW_MS);

        assertEquals(1, totals.iterations());
        assertEquals(1, totals.pushes());
        assertEquals(1000, totals.bytesUp());
    }

    @Test
    void aLateReportOfAnEarlierLifeDoesNotReplaceTheNewestFigures() {
        RunView view =
                view(
                        running(),
                        hello(0, "worker-1", 20),
                        iteration(1, "worker-1", 20, report(1, 0.2, false)),
                        iteration(2, "worker-1", 7, report(9, 0.9, false)));

        assertEquals(0.2, view.workers(NOW_MS).get(0).loss());
        assertEquals(10, view.workers(NOW_MS).get(0).iterations());
    }

    @Test
    void theBestIsTheLeastLossAndTheNewestIsTheHighestVersion() {
        Totals totals =
                view(
                                running(),
                                score(1, 4, 0.2, 0.94),
                                score(2, 6, 0.3, 0.93),
                                score(3, 5, 0.1, 0.96))
                        .totals(NOW_MS);

        assertEquals(5, totals.bestVersion());
        assertEquals(0.96, totals.bestAccuracy());
        assertEquals(0.3, totals.loss());
        assertEquals(0.93, totals.accuracy());
    }

    @Test
    void theClockStopsAtTheEnd() {
        RunView view = view(running(), initial(1), end(42));

        assertEquals(42, view.totals(START_MS + 99_000).seconds());
        assertEquals(EndReason.TARGET, view.end().orElseThrow().getReason());
    }

    @Test
    void aRunIsFinishedOnlyWhenItsLastVersionIsPublished() {
        RunView decided = view(running(), initial(1), end(42));
        assertTrue(decided.end().isPresent());
        assertFalse(decided.finished());

        decided.feed(stopDirective(43));
        assertTrue(decided.finished());
        assertTrue(view(running(), ended(44)).finished());
    }

    @Test
    void anEndedRunKeepsItsSpec() {
        assertEquals("mlp", view(running(), ended(44)).spec().getModel());
    }

    @Test
    void aWorkerIsJoiningThenTrainingThenSilentOrGone() {
        RunView view = view(running(), hello(0, "worker-1", 7));
        assertEquals(WorkerView.State.JOINING, view.workers(START_MS + 1000).get(0).state());

        view.feed(iteration(2, "worker-1", 7, report(1, 0.9, false)));
        assertEquals(WorkerView.State.TRAINING, view.workers(START_MS + 3000).get(0).state());
        assertEquals(WorkerView.State.SILENT, view.workers(START_MS + 60_000).get(0).state());

        view.feed(goodbye(5, "worker-1", 7, "weights are not finite"));
        assertEquals(WorkerView.State.GONE, view.workers(START_MS + 6000).get(0).state());
        assertEquals(
                List.of("worker-1 joined", "worker-1 left: weights are not finite"),
                view.takeEvents());
    }

    @Test
    void aDismissalOfAnEarlierLifeLeavesTheNewOneAlone() {
        RunView view = view(running(), hello(0, "worker-1", 7), hello(1, "worker-1", 9));

        view.feed(
                at(
                        2,
                        Directive.newBuilder()
                                .setRun(RUN)
                                .setWorker("worker-1")
                                .setIncarnation(7)
                                .setDismissal(
                                        Dismissal.newBuilder().setReason("another took its place"))
                                .build()));

        assertEquals(WorkerView.State.JOINING, view.workers(START_MS + 3000).get(0).state());
    }

    @Test
    void badRecordsAreCountedAndTheNewestShown() {
        RunView view = new RunView(RUN);
        assertEquals("", view.badRecords().text());
        for (int i = 0; i < 100; i++) {
            view.feed(badRecord(RUN, "reason " + i));
        }
        view.feed(badRecord("", "no message"));
        view.feed(badRecord("another", "not of this run"));
        assertEquals(
                "refused records 100 (and 1 that name no run), the newest: no message",
                view.badRecords().text());
        assertEquals(20, view.takeEvents().size(), "and no more than fit a screen");
        assertTrue(
                RunScreen.lines(view, NOW_MS, 80).contains(view.badRecords().text()),
                RunScreen.lines(view, NOW_MS, 80)::toString);
    }

    private static Seen badRecord(String run, String reason) {
        RefusedRecord refused =
                RefusedRecord.newBuilder()
                        .setRun(run)
                        .setTopic("hermes.updates")
                        .setReason(reason)
                        .build();
        return new Seen(NOW_MS, 0, refused);
    }

    @Test
    void aRefusedPushIsToldWithItsReason() {
        RunView view =
                view(
                        running(),
                        initial(1),
                        refused(2, UpdateIds.of("pi-3", 7, 4), "the gate was shut"));

        assertEquals(List.of("push 4 of pi-3 was refused: the gate was shut"), view.takeEvents());
        assertEquals(List.of(), view.takeEvents());
        assertEquals(1, view.totals(NOW_MS).refused());
    }

    @Test
    void recordsOfOtherRunsAreIgnored() {
        RunView view = view(running());

        view.feed(at(1, Report.newBuilder().setRun("other").setWorker("worker-9").build()));

        assertTrue(view.workers(NOW_MS).isEmpty());
    }

    @Test
    void workersAreInNaturalOrder() {
        RunView view = view(hello(0, "worker-10", 1), hello(0, "worker-2", 2), hello(0, "a", 3));

        assertEquals(
                List.of("a", "worker-2", "worker-10"),
                view.workers(NOW_MS).stream().map(WorkerView::name).toList());
    }

    @Test
    void anotherSpecificationOfTheRunIsNotShownAsIts() {
        RunSpec other = Records.spec().toBuilder().setDataset("mnist").build();
        Seen altered =
                Records.at(
                        1,
                        RunRecord.newBuilder()
                                .setRun(Records.RUN)
                                .setPhase(RunPhase.STOPPING)
                                .setSpec(other)
                                .build());

        RunView view = Records.view(Records.running(), altered);

        assertEquals(Records.spec(), view.spec());
        assertEquals(RunPhase.RUNNING, view.phase());
    }
}
