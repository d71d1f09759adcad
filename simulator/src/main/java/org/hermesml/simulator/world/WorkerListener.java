package org.hermesml.simulator.world;

import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.UpdateId;

/** Who watches devices. */
interface WorkerListener {
    void allocated(String worker, Allocation allocation);

    /**
     * All slices of an update are at the server.
     *
     * @param bytes of their records
     */
    void pushed(UpdateId id, float[] values, long bytes);

    /**
     * The report of an update is at the server.
     *
     * @param bytes of its record
     */
    void committed(UpdateId id, double heldOutLoss, long bytes);
}
