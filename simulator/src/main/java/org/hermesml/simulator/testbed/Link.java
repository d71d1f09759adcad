package org.hermesml.simulator.testbed;

/**
 * The line of a device.
 *
 * @param upMbit bandwidth away from the device, megabit (10^6 bit) per second, above 0
 * @param downMbit bandwidth towards the device, megabit per second, above 0
 * @param latencyMs from one end to the other, milliseconds, not negative
 */
public record Link(double upMbit, double downMbit, double latencyMs) {}
