package org.hermesml.simulator.testbed;

/**
 * A time in which a device is gone.
 *
 * @param fromSeconds virtual time at which it vanishes, in the middle of whatever it does
 * @param toSeconds virtual time at which it comes back as a new incarnation; infinite: never
 */
public record Absence(double fromSeconds, double toSeconds) {}
