package org.hermesml.simulator.world;

import java.util.ArrayDeque;
import java.util.Deque;

/** One direction of a line: carries one thing after the other. */
final class Lane {
    /** Something under way. */
    record Transfer(
            Lane server, long bytes, long latencyNs, String what, String who, Runnable arrived) {}

    private final double nsPerByte;
    private final Deque<Transfer> waiting = new ArrayDeque<>();
    private long freeNs;
    private boolean woken;
    private int life;
    private Runnable charge = () -> {};

    /**
     * @param mbit bandwidth, 10^6 bit per second
     */
    Lane(double mbit) {
        this.nsPerByte = nsPerByte(mbit);
    }

    static double nsPerByte(double mbit) {
        return 8e3 / mbit;
    }

    /** Something is to be charged to this lane whenever it is looked at. */
    void precededBy(Runnable charge) {
        this.charge = charge;
    }

    Deque<Transfer> waiting() {
        return waiting;
    }

    /** Whether a call is under way that will look at {@link #waiting()}. */
    boolean isWoken() {
        return woken;
    }

    void setWoken(boolean woken) {
        this.woken = woken;
    }

    /** Until when it carries what it has begun to carry. */
    long freeNs() {
        charge.run();
        return freeNs;
    }

    /** As it stands without what is still to be charged. */
    long ownFreeNs() {
        return freeNs;
    }

    void setFreeNs(long timeNs) {
        freeNs = timeNs;
    }

    long nsFor(long bytes) {
        return (long) Math.ceil(bytes * nsPerByte);
    }

    /** Is occupied by {@code bytes} from {@code startNs} on, or as soon after as it is free. */
    void occupy(long startNs, long bytes) {
        freeNs = Math.max(freeNs(), startNs) + nsFor(bytes);
    }

    /** The device at its end is gone: nothing waits any more. */
    void clear(long nowNs) {
        waiting.clear();
        freeNs = nowNs;
        woken = false;
        life++;
    }

    int life() {
        return life;
    }
}
