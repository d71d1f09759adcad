package org.hermesml.simulator.world;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.hermesml.simulator.RunTrace.Kind;
import org.hermesml.simulator.RunTrace.Span;

/** What one device did when. Keeps all totals, but no more than the first spans of a long run. */
final class Timeline {
    private static final int MOST_SPANS = 5_000;

    private final List<Span> spans = new ArrayList<>();
    private final Map<Kind, Long> totalsNs = new EnumMap<>(Kind.class);
    private Kind present = Kind.AWAY;
    private long sinceNs;

    /** From {@code nowNs} on the device does this. */
    void enter(Kind kind, long nowNs) {
        if (kind != present) {
            close(nowNs);
            present = kind;
        }
    }

    void close(long nowNs) {
        if (nowNs > sinceNs) {
            totalsNs.merge(present, nowNs - sinceNs, Long::sum);
            if (spans.size() < MOST_SPANS) {
                spans.add(new Span(sinceNs / 1e9, nowNs / 1e9, present));
            }
        }
        sinceNs = nowNs;
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
