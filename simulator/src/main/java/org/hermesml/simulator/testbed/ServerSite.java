package org.hermesml.simulator.testbed;

/**
 * The server's line, which all devices share.
 *
 * @param outMbit bandwidth towards all devices together, megabit (10^6 bit) per second, above 0
 * @param inMbit bandwidth from all devices together, megabit per second, above 0
 * @param hopMs from a record's arrival to the directive that follows from it, the way through
 *     broker and job and back, milliseconds
 */
public record ServerSite(double outMbit, double inMbit, double hopMs) {}
