package org.hermesml.simulator.world;

import org.hermesml.core.message.PushState;
import org.hermesml.core.message.Restored;

/**
 * What a device has on its disk of an earlier life, as edge-worker saves it. Arrays are shared and
 * never changed.
 *
 * @param weights null where the device pulls first
 * @param base the newest pull; null where the device pulls first
 * @param iterations finished over all lives
 */
record Saved(
        Restored restored,
        PushState push,
        long baseVersion,
        long iterations,
        float[] weights,
        float[] base,
        float[] unsent) {}
