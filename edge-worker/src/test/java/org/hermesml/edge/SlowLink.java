package org.hermesml.edge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A line between a device and a real broker that carries so many bytes a second, up and down each,
 * whatever the number of connections, and can be cut.
 */
final class SlowLink implements AutoCloseable {
    private static final int PACKET = 1_400;

    private final ServerSocket door;
    private final int target;
    private final long nsPerByte;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong upFreeNs = new AtomicLong(System.nanoTime());
    private final AtomicLong downFreeNs = new AtomicLong(System.nanoTime());
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean cut;

    SlowLink(int port, int target, int bytesPerSecond) throws IOException {
        this.door = new ServerSocket();
        door.setReuseAddress(true);
        // Little room: what waits for a slow line waits at the device and not in between.
        door.setReceiveBufferSize(16 << 10);
        door.bind(new InetSocketAddress(InetAddress.getByName("localhost"), port));
        this.target = target;
        this.nsPerByte = TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
        start(this::accept);
    }

    /** Nothing goes through any more, and nobody is told. */
    void cut() throws IOException {
        cut = true;
        for (Socket socket : open) {
            socket.close();
        }
    }

    void mend() {
        cut = false;
    }

    /** How often a device has tried to get through while it was cut. */
    long refused() {
        return refused.get();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket device = door.accept();
                if (cut) {
                    refused.incrementAndGet();
                    device.close();
                    continue;
                }
                Socket broker = new Socket("localhost", target);
                open.add(device);
                open.add(broker);
                start(() -> carry(device, broker, upFreeNs));
                start(() -> carry(broker, device, downFreeNs));
            } catch (IOException e) {
                // Closed, or the broker is away: the device tries again.
            }
        }
    }

    private void carry(Socket from, Socket to, AtomicLong freeNs) {
        byte[] packet = new byte[PACKET];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(packet); n >= 0 && !cut; n = in.read(packet)) {
                takeTurn(freeNs, n);
                out.write(packet, 0, n);
            }
        } catch (IOException | InterruptedException e) {
            // One side is gone: so is the other.
        }
    }

    /** Connections share the line packet by packet. */
    private void takeTurn(AtomicLong freeNs, int bytes) throws InterruptedException {
        long ns = bytes * nsPerByte;
        long due = freeNs.updateAndGet(free -> Math.max(free, System.nanoTime()) + ns);
        long left = due - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "link");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
