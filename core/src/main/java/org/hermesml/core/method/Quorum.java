package org.hermesml.core.method;

/**
 * Who has to have answered for a round to end.
 *
 * @param share of the summed samples per second of all live workers, above 0, at most 1
 * @param grace how much longer a round then waits for the rest, as a fraction of the time until
 *     then
 * @param overtime how long a round lasts at most, as a multiple of the longest of the three before
 */
public record Quorum(double share, double grace, double overtime) {}
