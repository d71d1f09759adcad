package org.hermesml.training;

/**
 * Whether convolutions run on the fast library of this platform.
 *
 * @param wanted whether one exists for this platform
 * @param description one line for the log of a worker's start
 */
public record FastPath(boolean wanted, boolean active, String description) {}
