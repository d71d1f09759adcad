package org.hermesml.simulator.world;

import org.hermesml.core.state.WorkerSnapshot;

/**
 * What a device has on its disk of an earlier life, as edge-worker saves it. Arrays are shared and
 * never changed.
 *
 * @param weights null where the device pulls first
 * @param base the newest pull; null where the device pulls first
 */
record Saved(WorkerSnapshot header, float[] weights, float[] base, float[] unsent) {}
