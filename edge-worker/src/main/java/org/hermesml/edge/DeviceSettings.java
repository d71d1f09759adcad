package org.hermesml.edge;

import java.nio.file.Path;

/**
 * What one device process is told at its start.
 *
 * @param label for run specifications that choose workers by label; may be empty
 * @param dataMemoryBytes most bytes of resident training blocks
 * @param threads of the engine
 * @param slowdown at least 1; see {@code --slowdown}
 * @param once the only run to take part in; empty: any, one after the other
 * @param state folder in which a worker saves what it needs to go on after a restart
 * @param localData samples of this device, to train on in place of the run's; null: none
 */
public record DeviceSettings(
        String id,
        String label,
        long dataMemoryBytes,
        int threads,
        double slowdown,
        String once,
        Path state,
        Path localData) {}
