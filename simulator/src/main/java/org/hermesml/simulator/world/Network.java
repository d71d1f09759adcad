package org.hermesml.simulator.world;

/**
 * Moves bytes between devices and the server. A transfer of s bytes waits for its turn at the
 * device's lane, starts when the server's lane is free too, holds each for s / its own rate, and
 * arrives after s / the slower rate and the latency. A slow device so holds the server's lane no
 * longer than its bytes take there, and one that waits for its own lane not at all.
 */
final class Network {
    private final EventQueue events;

    Network(EventQueue events) {
        this.events = events;
    }

    /**
     * @param device the lane of the device, up or down
     * @param server the lane of the server in the same direction
     * @param arrived called at the time of arrival; never when the device's lane is cleared before
     *     the transfer starts
     */
    void send(
            Lane device,
            Lane server,
            long bytes,
            long latencyNs,
            String what,
            String who,
            Runnable arrived) {
        device.waiting().add(new Lane.Transfer(server, bytes, latencyNs, what, who, arrived));
        if (!device.isWoken()) {
            startNext(device);
        }
    }

    /** Bytes that occupy both lanes and that nobody waits for. */
    void occupy(Lane device, Lane server, long bytes) {
        device.occupy(events.nowNs(), bytes);
        server.occupy(events.nowNs(), bytes);
    }

    private void startNext(Lane device) {
        long nowNs = events.nowNs();
        if (device.freeNs() <= nowNs) {
            Lane.Transfer next = device.waiting().remove();
            Lane server = next.server();
            long startNs = Math.max(nowNs, server.freeNs());
            server.occupy(startNs, next.bytes());
            device.occupy(startNs, next.bytes());
            long ns = Math.max(device.nsFor(next.bytes()), server.nsFor(next.bytes()));
            events.at(startNs + ns + next.latencyNs(), next.what(), next.who(), next.arrived());
        }
        boolean more = !device.waiting().isEmpty();
        device.setWoken(more);
        if (more) {
            int life = device.life();
            events.at(
                    device.freeNs(),
                    "the line is free",
                    "",
                    () -> {
                        if (device.life() == life) {
                            startNext(device);
                        }
                    });
        }
    }
}
