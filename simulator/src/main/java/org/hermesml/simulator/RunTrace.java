package org.hermesml.simulator;

import java.util.List;

/**
 * How one simulated run went, for plots.
 *
 * @param curve in order of time
 * @param devices in order of the test bed
 * @param allocations in order of time
 */
public record RunTrace(
        List<CurvePoint> curve, List<DeviceSpans> devices, List<Allocated> allocations) {
    public RunTrace {
        curve = List.copyOf(curve);
        devices = List.copyOf(devices);
        allocations = List.copyOf(allocations);
    }

    /** What a device does. */
    public enum Kind {
        TRAINING,
        EVALUATING,
        WAITING,
        TRANSFERRING,
        AWAY
    }

    /**
     * A score of a model version.
     *
     * @param seconds virtual time at which the server learnt it
     * @param heldOutAccuracy a fraction
     * @param bytes of updates and models, up and down, of all workers until then
     */
    public record CurvePoint(double seconds, double heldOutAccuracy, long bytes) {}

    /**
     * @param spans in order of time, none overlapping
     */
    public record DeviceSpans(String device, List<Span> spans) {
        public DeviceSpans {
            spans = List.copyOf(spans);
        }
    }

    public record Span(double fromSeconds, double toSeconds, Kind kind) {}

    /** An allocation, at the virtual time at which its device got it. */
    public record Allocated(double seconds, String device, int samples, int miniBatch) {}
}
