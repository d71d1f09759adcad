package org.hermesml.simulator.world;

import org.hermesml.core.message.ByteCounters;

/** Key and value bytes of one device's records, since the run began and in its present life. */
final class Traffic {
    private ByteCounters total = ByteCounters.getDefaultInstance();
    private ByteCounters before = ByteCounters.getDefaultInstance();

    void updatesUp(long bytes) {
        total = total.toBuilder().setUpdatesUp(total.getUpdatesUp() + bytes).build();
    }

    void modelsDown(long bytes) {
        total = total.toBuilder().setModelsDown(total.getModelsDown() + bytes).build();
    }

    void dataDown(long bytes) {
        total = total.toBuilder().setDataDown(total.getDataDown() + bytes).build();
    }

    void control(long bytes) {
        total = total.toBuilder().setControl(total.getControl() + bytes).build();
    }

    /** A new life begins, whose counters start at 0. */
    void restart() {
        before = total;
    }

    ByteCounters total() {
        return total;
    }

    ByteCounters ofThisLife() {
        return ByteCounters.newBuilder()
                .setUpdatesUp(total.getUpdatesUp() - before.getUpdatesUp())
                .setModelsDown(total.getModelsDown() - before.getModelsDown())
                .setDataDown(total.getDataDown() - before.getDataDown())
                .setControl(total.getControl() - before.getControl())
                .build();
    }
}
