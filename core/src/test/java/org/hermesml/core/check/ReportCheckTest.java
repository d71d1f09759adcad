package org.hermesml.core.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.function.Consumer;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportCheckTest {
    @Test
    void whatAWorkerReportsIsNoFaultEvenWhereItsLossIsNone() {
        assertEquals("", fault(i -> {}));
        assertEquals(
                "",
                fault(
                        i ->
                                i.setHeldOutLoss(Double.NaN)
                                        .setTrainLoss(Double.POSITIVE_INFINITY)
                                        .setUpdateNorm(Double.NaN)));
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                -1,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                1e-300,
                1e300
            })
    void timesThatAreNoneAreRefused(double seconds) {
        assertFalse(fault(i -> i.setSeconds(seconds)).isEmpty());
        assertFalse(fault(i -> i.setOverheadSeconds(seconds)).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 60})
    void aClockOutsideAllReasonIsRefused(long clock) {
        assertEquals("the report says " + clock + " for clock", fault(i -> i.setClock(clock)));
    }

    @Test
    void countsBelowZeroAndBeyondAllSettingsAreRefused() {
        assertFalse(fault(i -> i.setSamples(-1)).isEmpty());
        assertFalse(fault(i -> i.setMiniBatch(Integer.MAX_VALUE)).isEmpty());
        assertFalse(fault(i -> i.setEpochs(Integer.MIN_VALUE)).isEmpty());
        assertFalse(fault(i -> i.setBaseVersion(-1)).isEmpty());
        assertFalse(fault(i -> i.getBeforeBuilder().addLosses(Double.NaN)).isEmpty());
        assertFalse(fault(i -> i.getBeforeBuilder().setDue(-1)).isEmpty());
    }

    @Test
    void namesBecomeKeysAndMetricsAndAreHeldAgainstThat() {
        for (String name : new String[] {"", "a/b", "x".repeat(101), "a\nb", "\u001b[2J"}) {
            assertFalse(ReportCheck.fault(report().setWorker(name).build()).isEmpty(), () -> name);
        }
    }

    @Test
    void whatCannotBeShownIsReplacedAndWhatIsTooLongCut() {
        assertEquals("a?b??", Printable.of("a\u001bb\n\u202e", 10));
        assertEquals("aaaaa...", Printable.of("a".repeat(100), 8));
        assertEquals("\u00e4\ud83d\ude00", Printable.of("\u00e4\ud83d\ude00", 10));
    }

    private static String fault(Consumer<IterationReport.Builder> change) {
        Report.Builder report = report();
        change.accept(report.getIterationBuilder());
        return ReportCheck.fault(report.build());
    }

    private static Report.Builder report() {
        return Report.newBuilder()
                .setWorker("pi-3")
                .setIncarnation(7)
                .setIteration(
                        IterationReport.newBuilder()
                                .setClock(1)
                                .setSeconds(0.5)
                                .setSamples(100)
                                .setMiniBatch(16)
                                .setEpochs(1));
    }
}
