package org.hermesml.simulator.world;

import org.hermesml.core.message.ByteCounters;

/** Key and value bytes of one device's records, since the run began and in its present life. */
final class Traffic {
    private final Reader directives;
    private long updatesUp;
    private long modelsDown;
    private long dataDown;
    private long control;
    private ByteCounters before = ByteCounters.getDefaultInstance();

    /**
     * @param directives of whose records that are for others the bytes count too
     */
    Traffic(Reader directives) {
        this.directives = directives;
    }

    void updatesUp(long bytes) {
        updatesUp += bytes;
    }

    void modelsDown(long bytes) {
        modelsDown += bytes;
    }

    void dataDown(long bytes) {
        dataDown += bytes;
    }

    void control(long bytes) {
        control += bytes;
    }

    /** A new life begins, whose counters start at 0. */
    void restart() {
        before = total();
    }

    ByteCounters total() {
        return ByteCounters.newBuilder()
                .setUpdatesUp(updatesUp)
                .setModelsDown(modelsDown)
                .setDataDown(dataDown)
                .setControl(control + directives.overheardBytes())
                .build();
    }

    ByteCounters ofThisLife() {
        ByteCounters total = total();
        return ByteCounters.newBuilder()
                .setUpdatesUp(total.getUpdatesUp() - before.getUpdatesUp())
                .setModelsDown(total.getModelsDown() - before.getModelsDown())
                .setDataDown(total.getDataDown() - before.getDataDown())
                .setControl(total.getControl() - before.getControl())
                .build();
    }
}
