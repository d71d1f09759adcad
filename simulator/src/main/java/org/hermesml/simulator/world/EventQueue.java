package org.hermesml.simulator.world;

import java.util.PriorityQueue;

/**
 * What is still to happen, in order of (time, id), and what time it is: the time of the event that
 * was taken out last. Ids count up as events are made, so that events of one time happen in the
 * order in which they were made.
 */
final class EventQueue {
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNs;
    private long nextId;

    /**
     * @param timeNs virtual time in nanoseconds
     * @param what for people
     * @param who for people; empty where it is nobody's
     */
    record Event(long timeNs, long id, String what, String who, Runnable action)
            implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(timeNs, other.timeNs);
            return byTime != 0 ? byTime : Long.compare(id, other.id);
        }

        @Override
        public String toString() {
            return "event " + id + " at " + timeNs / 1e9 + " s: " + what + " " + who;
        }
    }

    long nowNs() {
        return nowNs;
    }

    /** Makes something happen at {@code timeNs}, not before now. */
    void at(long timeNs, String what, String who, Runnable action) {
        events.add(new Event(timeNs, nextId++, what, who, action));
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    /**
     * Takes the next event out; its time is now.
     *
     * @throws BrokenInvariant when its time has passed
     */
    Event next() {
        Event event = events.remove();
        if (event.timeNs < nowNs) {
            throw new BrokenInvariant("time goes back from " + nowNs / 1e9 + " s by " + event);
        }
        nowNs = event.timeNs;
        return event;
    }
}
