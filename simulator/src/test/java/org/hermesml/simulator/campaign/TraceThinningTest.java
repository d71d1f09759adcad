package org.hermesml.simulator.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.hermesml.simulator.RunTrace;
import org.hermesml.simulator.RunTrace.CurvePoint;
import org.hermesml.simulator.RunTrace.DeviceSpans;
import org.hermesml.simulator.RunTrace.Kind;
import org.hermesml.simulator.RunTrace.Span;
import org.junit.jupiter.api.Test;

class TraceThinningTest {
    @Test
    void aLongTraceIsCutToWhatAPageCanShowAndKeepsItsEnds() {
        List<CurvePoint> curve = new ArrayList<>();
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            curve.add(new CurvePoint(i, i * 1e-6, i));
            spans.add(new Span(i, i + 0.7, i < 50_000 ? Kind.TRAINING : Kind.WAITING));
            spans.add(new Span(i + 0.7, i + 1, Kind.TRANSFERRING));
        }
        RunTrace thin = thin(curve, spans);
        assertTrue(thin.curve().size() <= 2000);
        assertEquals(curve.get(0), thin.curve().get(0));
        assertEquals(curve.get(99_999), thin.curve().get(thin.curve().size() - 1));
        List<Span> shown = thin.devices().get(0).spans();
        assertEquals(List.of(Kind.TRAINING, Kind.WAITING), shown.stream().map(Span::kind).toList());
        assertEquals(50_000, shown.get(0).toSeconds(), 100);
        assertEquals(100_000, shown.get(1).toSeconds(), 1e-3);
    }

    @Test
    void aShortTraceStaysAsItIs() {
        List<Span> spans = List.of(new Span(0, 1, Kind.TRAINING), new Span(1, 2, Kind.WAITING));
        assertSame(
                spans.get(1),
                thin(List.of(new CurvePoint(0, 0, 0)), spans).devices().get(0).spans().get(1));
    }

    private static RunTrace thin(List<CurvePoint> curve, List<Span> spans) {
        return TraceThinning.thin(
                new RunTrace(curve, List.of(new DeviceSpans("d", spans)), List.of()));
    }
}
