package org.hermesml.simulator;

/** What a simulated run came to, and how it went. */
public record Simulated(RunResult result, RunTrace trace) {}
