package org.hermesml.simulator.testbed;

/**
 * The device that scores instead of training. Its times are those of a training step, as a {@link
 * Device}'s are; an evaluation takes a part of them.
 *
 * @param stepFixedMs fixed part of a mini-batch step, milliseconds
 * @param stepPerSampleMs part per sample, milliseconds
 */
public record EvaluatorSite(double stepFixedMs, double stepPerSampleMs, Link link) {}
