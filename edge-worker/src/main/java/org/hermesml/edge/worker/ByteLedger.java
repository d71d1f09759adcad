package org.hermesml.edge.worker;

import java.util.concurrent.atomic.AtomicLong;
import org.hermesml.core.message.ByteCounters;

/**
 * Key and value bytes of all records of one incarnation, counted where they are sent or received.
 * Any thread.
 */
record ByteLedger(
        AtomicLong updatesUp, AtomicLong modelsDown, AtomicLong dataDown, AtomicLong control) {
    ByteLedger() {
        this(new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong());
    }

    ByteCounters counters() {
        return ByteCounters.newBuilder()
                .setUpdatesUp(updatesUp.get())
                .setModelsDown(modelsDown.get())
                .setDataDown(dataDown.get())
                .setControl(control.get())
                .build();
    }
}
