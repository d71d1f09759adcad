package org.hermesml.simulator.world;

import java.util.function.LongSupplier;
import org.hermesml.core.message.Activity;
import org.hermesml.core.message.Progress;

/**
 * Says that a simulated worker lives while it is long at something: it must not look like one that
 * is gone.
 */
final class SignsOfLife {
    private final EventQueue events;
    private final long everyNs;
    private final Line line;
    private final Uplink uplink;
    private final Timeline timeline;
    private final LongSupplier clock;
    private long saidNs;

    /**
     * @param everyMs after so long without a report it says something
     * @param clock of the worker's newest iteration
     */
    SignsOfLife(
            EventQueue events,
            long everyMs,
            Line line,
            Uplink uplink,
            Timeline timeline,
            LongSupplier clock) {
        this.events = events;
        this.everyNs = everyMs * 1_000_000;
        this.line = line;
        this.uplink = uplink;
        this.timeline = timeline;
        this.clock = clock;
    }

    /** For the rest of this life; the worker has said hello. */
    void start() {
        said();
        lookLater();
    }

    /** A report has arrived: that is a sign as well. */
    void said() {
        saidNs = events.nowNs();
    }

    private void lookLater() {
        long next = saidNs + everyNs;
        line.later(
                next > events.nowNs() ? next : events.nowNs() + everyNs,
                "a sign of life may be due",
                this::look);
    }

    private void look() {
        if (timeline.phase() == Phase.LEFT) {
            return;
        }
        Activity activity = timeline.phase().activity();
        boolean due = events.nowNs() - saidNs >= everyNs;
        if (due && activity != Activity.ACTIVITY_UNSPECIFIED) {
            said();
            uplink.progress(
                    Progress.newBuilder()
                            .setClock(clock.getAsLong())
                            .setActivity(activity)
                            .build());
        }
        lookLater();
    }
}
