package org.hermesml.simulator.testbed;

/**
 * A time in which a device computes slower than else.
 *
 * @param fromSeconds virtual time, included
 * @param toSeconds virtual time, not included; later than {@code fromSeconds}
 * @param factor by which each step takes longer, at least 1
 */
public record SlowPhase(double fromSeconds, double toSeconds, double factor) {}
