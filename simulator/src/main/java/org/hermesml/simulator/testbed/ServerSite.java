package org.hermesml.simulator.testbed;

/**
 * The server's line, which all devices share.
 *
 * @param outMbit bandwidth towards all devices together, megabit (10^6 bit) per second, above 0
 * @param inMbit bandwidth from all devices together, megabit per second, above 0
 */
public record ServerSite(double outMbit, double inMbit) {}
