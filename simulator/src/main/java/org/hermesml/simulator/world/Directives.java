package org.hermesml.simulator.world;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The topic of directives, which every worker reads as a whole: what is for one of them costs the
 * lines of all. What a reader overhears is charged when it next uses its line or counts its bytes,
 * as if it had been charged record by record, so that a record costs the same effort however many
 * read it.
 */
final class Directives {
    private final Lane serverOut;
    private final Map<Double, Backlog> backlogs = new HashMap<>();
    private final Deque<Announced> announced = new ArrayDeque<>();
    private long slowestNs;
    private long bytes;
    private int readers;

    private record Announced(Inbox.Version version, long timeNs, long bytes) {}

    Directives(Lane serverOut) {
        this.serverOut = serverOut;
    }

    /**
     * @param lane down to the reader
     */
    Reader reader(Lane lane, double downMbit, long latencyNs) {
        return new Reader(this, lane, backlogs.computeIfAbsent(downMbit, Backlog::new), latencyNs);
    }

    /**
     * A record is written that nobody waits for, other than {@code addressee}.
     *
     * @param addressee whose line carries the record by other means; null for nobody
     */
    void write(long recordBytes, Reader addressee, long nowNs) {
        boolean delivered = addressee != null && addressee.isPresent();
        if (delivered) {
            addressee.catchUp();
        }
        bytes += recordBytes;
        backlogs.values().forEach(backlog -> backlog.add(nowNs, recordBytes));
        if (delivered) {
            addressee.skip();
        }
        serverOut.occupy(nowNs, recordBytes * (readers - (delivered ? 1 : 0)));
    }

    /** As {@link #write}, of a version that readers take in when they next look for one. */
    void announce(Inbox.Version version, long recordBytes, long nowNs) {
        write(recordBytes, null, nowNs);
        announced.addLast(new Announced(version, nowNs, recordBytes));
        // What the slowest reader has heard of by now hides all before it.
        Iterator<Announced> newestFirst = announced.descendingIterator();
        boolean known = false;
        while (newestFirst.hasNext()) {
            Announced one = newestFirst.next();
            if (known) {
                newestFirst.remove();
            }
            known |= one.timeNs + slowestNs + backlogsNs(one.bytes) <= nowNs;
        }
    }

    private long backlogsNs(long recordBytes) {
        long most = 0;
        for (Backlog backlog : backlogs.values()) {
            most = Math.max(most, backlog.nsFor(recordBytes));
        }
        return most;
    }

    /** The newest version whose announcement has come to a reader; null for none. */
    Inbox.Version newest(Backlog backlog, long latencyNs, long sinceNs, long nowNs) {
        Iterator<Announced> newestFirst = announced.descendingIterator();
        while (newestFirst.hasNext()) {
            Announced one = newestFirst.next();
            if (one.timeNs + latencyNs + backlog.nsFor(one.bytes) <= nowNs) {
                return one.timeNs >= sinceNs ? one.version : null;
            }
        }
        return null;
    }

    void joined(long latencyNs) {
        readers++;
        slowestNs = Math.max(slowestNs, latencyNs);
    }

    void left() {
        readers--;
    }

    long bytes() {
        return bytes;
    }
}
