package org.hermesml.simulator.world;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.hermesml.simulator.RunTrace.Kind;
import org.hermesml.simulator.RunTrace.Span;

/**
 * What one device did when. Totals are exact; of a long run's spans neighbours are joined, two and
 * two, to what took longer of both.
 */
final class Timeline {
    private static final int MOST_SPANS = 1 << 14;

    private final List<Span> spans = new ArrayList<>();
    private final Map<Kind, Long> totalsNs = new EnumMap<>(Kind.class);
    private Phase phase = Phase.AWAY;
    private long phaseSinceNs;
    private long sinceNs;

    /** From {@code nowNs} on the device is at this. */
    void enter(Phase next, long nowNs) {
        if (next.kind() != phase.kind()) {
            close(nowNs);
        }
        phase = next;
        phaseSinceNs = nowNs;
    }

    /** What it is at. */
    Phase phase() {
        return phase;
    }

    /** Seconds since the present phase began. */
    double inPhase(long nowNs) {
        return (nowNs - phaseSinceNs) / 1e9;
    }

    void close(long nowNs) {
        if (nowNs > sinceNs) {
            totalsNs.merge(phase.kind(), nowNs - sinceNs, Long::sum);
            spans.add(new Span(sinceNs / 1e9, nowNs / 1e9, phase.kind()));
            if (spans.size() == MOST_SPANS) {
                join();
            }
        }
        sinceNs = nowNs;
    }

    private void join() {
        List<Span> joined = new ArrayList<>(MOST_SPANS / 2);
        for (int i = 0; i < spans.size(); i += 2) {
            Span first = spans.get(i);
            Span second = spans.get(i + 1);
            Kind longer = seconds(first) >= seconds(second) ? first.kind() : second.kind();
            joined.add(new Span(first.fromSeconds(), second.toSeconds(), longer));
        }
        spans.clear();
        spans.addAll(joined);
    }

    private static double seconds(Span span) {
        return span.toSeconds() - span.fromSeconds();
    }

    long totalNs(Kind kind) {
        return totalsNs.getOrDefault(kind, 0L);
    }

    /** Of all the time that the device was there. */
    long presentNs() {
        return totalsNs.entrySet().stream()
                .filter(e -> e.getKey() != Kind.AWAY)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    List<Span> spans() {
        return List.copyOf(spans);
    }
}
