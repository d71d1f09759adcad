package org.hermesml.simulator.world;

import org.hermesml.simulator.testbed.Link;

/**
 * A device's end of the network. Everything that it starts belongs to the device's present life and
 * never happens when the device vanishes before.
 */
final class Line {
    private final EventQueue events;
    private final Network network;
    private final ServerLanes server;
    private final Lane up;
    private final Lane down;
    private final double downMbit;
    private final long latencyNs;
    private final String who;
    private int life;

    /** The server's line, which all share. */
    record ServerLanes(Lane in, Lane out) {}

    Line(EventQueue events, Network network, ServerLanes server, Link link, String who) {
        this.events = events;
        this.network = network;
        this.server = server;
        this.up = new Lane(link.upMbit());
        this.down = new Lane(link.downMbit());
        this.downMbit = link.downMbit();
        this.latencyNs = Math.round(link.latencyMs() * 1e6);
        this.who = who;
    }

    long latencyNs() {
        return latencyNs;
    }

    /** The place of who is at this end in the topic of directives. */
    Reader reader(Directives directives) {
        return directives.reader(down, downMbit, latencyNs);
    }

    /** Calls {@code arrived} at the server, once all bytes are there. */
    void up(long bytes, String what, Runnable arrived) {
        network.send(up, server.in(), bytes, latencyNs, what, who, inThisLife(arrived));
    }

    /** As {@link #up}, and {@code acknowledged} at the device when it has heard of it. */
    void up(long bytes, String what, Runnable arrived, Runnable acknowledged) {
        up(
                bytes,
                what,
                () -> {
                    arrived.run();
                    later(events.nowNs() + latencyNs, what + " acknowledged", acknowledged);
                });
    }

    /**
     * A small record by a connection of its own: it takes its bytes of the line and waits for
     * nothing that is on its way.
     */
    void beside(long bytes, String what, Runnable arrived) {
        network.occupy(up, server.in(), bytes);
        later(events.nowNs() + up.nsFor(bytes) + latencyNs, what, arrived);
    }

    /** Calls {@code arrived} at the device, once all bytes are there. */
    void down(long bytes, String what, Runnable arrived) {
        network.send(down, server.out(), bytes, latencyNs, what, who, inThisLife(arrived));
    }

    /** Asks for something, which takes its time too, and gets it. */
    void fetch(long bytes, String what, Runnable arrived) {
        later(events.nowNs() + latencyNs, what + " asked for", () -> down(bytes, what, arrived));
    }

    /** Bytes on their way to the device that nothing waits for. */
    void overhear(long bytes) {
        network.occupy(down, server.out(), bytes);
    }

    void later(long timeNs, String what, Runnable action) {
        events.at(timeNs, what, who, inThisLife(action));
    }

    /** The device is gone, and all that it sent or waited for with it. */
    void cut() {
        life++;
        up.clear(events.nowNs());
        down.clear(events.nowNs());
    }

    private Runnable inThisLife(Runnable action) {
        int started = life;
        return () -> {
            if (life == started) {
                action.run();
            }
        };
    }
}
