package org.hermesml.training.data;

import org.hermesml.training.Samples;

/**
 * A data set as opened.
 *
 * @param train to be cut by {@link HeldOut}
 * @param test for the final report alone
 */
public record Dataset(String name, Samples train, Samples test) {}
