package org.hermesml.simulator.campaign;

import java.util.List;
import java.util.Map;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.RunResult;
import org.hermesml.simulator.RunTrace;
import org.hermesml.simulator.RunTrace.Allocated;
import org.hermesml.simulator.RunTrace.CurvePoint;
import org.hermesml.simulator.RunTrace.DeviceSpans;
import org.hermesml.simulator.RunTrace.Kind;
import org.hermesml.simulator.RunTrace.Span;
import org.hermesml.simulator.Simulated;
import org.hermesml.simulator.testbed.EvaluatorSite;
import org.hermesml.simulator.testbed.Link;
import org.hermesml.simulator.testbed.ServerSite;
import org.hermesml.simulator.testbed.TestBed;

/** Runs that nobody simulated, for tests of what is done with runs. */
public final class MadeUp {
    public static TestBed testBed(String name) {
        return new TestBed(
                name,
                "Made up & <small>.",
                new ServerSite(1, 1, 0),
                new EvaluatorSite(1, 1, new Link(1, 1, 1)),
                List.of());
    }

    public static Variant variant(String label) {
        String method = label.replaceFirst("@.*", "");
        return new Variant(label, method, "authors", Settings.of(Map.of("method", method)));
    }

    public static Simulated simulated(PlannedRun run, boolean reached, double seconds) {
        long bytes = Math.round(seconds * 1e6);
        RunResult result = result(run, reached, seconds, "", "");
        RunTrace trace =
                new RunTrace(
                        List.of(
                                new CurvePoint(0, 0.1, 0),
                                new CurvePoint(seconds / 2, 0.8, bytes),
                                new CurvePoint(seconds, 0.97, 2 * bytes)),
                        List.of(
                                new DeviceSpans(
                                        "device<1>",
                                        List.of(
                                                new Span(0, seconds / 2, Kind.TRAINING),
                                                new Span(seconds / 2, seconds, Kind.AWAY)))),
                        List.of(
                                new Allocated(0, "device<1>", 2500, 16),
                                new Allocated(seconds / 3, "device<1>", 700, 16)));
        return new Simulated(result, trace);
    }

    private static RunResult result(
            PlannedRun run, boolean reached, double seconds, String hostile, String expelled) {
        long bytes = Math.round(seconds * 1e6);
        return new RunResult(
                run.testBed().name(),
                "digits, made",
                "mlp",
                run.variant().method(),
                run.variant().setting(),
                run.seed(),
                0.97,
                reached,
                seconds,
                4,
                bytes,
                bytes,
                60_000_000,
                1000,
                5000,
                400,
                100,
                50,
                0.968,
                reached ? 0.971 : 0.953,
                0.25,
                reached ? "TARGET" : "TIME",
                hostile,
                expelled);
    }

    public static FinishedRun finished(PlannedRun run, boolean reached, double seconds) {
        Simulated simulated = simulated(run, reached, seconds);
        return new FinishedRun(run, simulated.result(), run.traced() ? simulated.trace() : null);
    }

    /** As {@link #finished}, of a run with hostile devices of which some were expelled. */
    public static FinishedRun hostile(
            PlannedRun run, double seconds, String hostile, String expelled) {
        return new FinishedRun(run, result(run, true, seconds, hostile, expelled), null);
    }

    private MadeUp() {}
}
