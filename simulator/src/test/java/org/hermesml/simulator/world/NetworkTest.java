package org.hermesml.simulator.world;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkTest {
    private static final long MEGABYTE = 1_000_000;

    private final EventQueue events = new EventQueue();
    private final Network network = new Network(events);
    private final Map<String, Long> arrivedMs = new LinkedHashMap<>();

    private void send(Lane device, Lane server, long bytes, long latencyMs, String what) {
        network.send(
                device,
                server,
                bytes,
                latencyMs * 1_000_000,
                what,
                "",
                () -> arrivedMs.put(what, events.nowNs() / 1_000_000));
    }

    private void runAll() {
        while (!events.isEmpty()) {
            events.next().action().run();
        }
    }

    @Test
    void aTransferTakesTheTimeOfTheSlowerLineAndTheLatency() {
        Lane server = new Lane(80);
        send(new Lane(8), server, MEGABYTE, 5, "over a slow device");
        send(new Lane(800), server, MEGABYTE, 5, "over a slow server");
        runAll();
        assertEquals(1005, arrivedMs.get("over a slow device"));
        // The server's lane is held for 100 ms by the first.
        assertEquals(205, arrivedMs.get("over a slow server"));
    }

    @Test
    void oneDeviceSendsOneThingAfterTheOther() {
        Lane device = new Lane(8);
        Lane server = new Lane(8000);
        send(device, server, MEGABYTE, 0, "first");
        send(device, server, MEGABYTE, 0, "second");
        runAll();
        assertEquals(1000, arrivedMs.get("first"));
        assertEquals(2000, arrivedMs.get("second"));
    }

    @Test
    void aQueueOnASlowDeviceDoesNotHoldTheServersLine() {
        Lane slow = new Lane(8);
        Lane server = new Lane(8000);
        for (int i = 0; i < 10; i++) {
            send(slow, server, MEGABYTE, 0, "slow " + i);
        }
        send(new Lane(8000), server, MEGABYTE, 0, "fast");
        runAll();
        // 1 ms of the slow device's first transfer, and 1 ms of its own.
        assertEquals(2, arrivedMs.get("fast"));
        assertEquals(10_000, arrivedMs.get("slow 9"));
    }

    @Test
    void allDevicesTogetherGetNoMoreThanTheServersLine() {
        Lane server = new Lane(8);
        for (int i = 0; i < 5; i++) {
            send(new Lane(800), server, MEGABYTE, 0, "device " + i);
        }
        runAll();
        assertEquals(1000, arrivedMs.get("device 0"));
        assertEquals(5000, arrivedMs.get("device 4"));
    }

    @Test
    void whatIsOverheardDelaysWhatComesAfter() {
        Lane device = new Lane(8);
        Lane server = new Lane(8000);
        network.occupy(device, server, MEGABYTE);
        send(device, server, MEGABYTE, 0, "after");
        runAll();
        assertEquals(2000, arrivedMs.get("after"));
    }

    @Test
    void aClearedLineForgetsWhatWaits() {
        Lane device = new Lane(8);
        Lane server = new Lane(8000);
        send(device, server, MEGABYTE, 0, "under way");
        send(device, server, MEGABYTE, 0, "waiting");
        device.clear(0);
        send(device, server, MEGABYTE, 0, "of a new life");
        runAll();
        assertEquals(null, arrivedMs.get("waiting"));
        // The server's lane was held for 1 ms.
        assertEquals(1001, arrivedMs.get("of a new life"));
    }
}
