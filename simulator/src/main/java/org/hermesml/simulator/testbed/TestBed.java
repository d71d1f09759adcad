package org.hermesml.simulator.testbed;

import java.util.List;

/**
 * Where a simulated run takes place: unequal devices and the lines between them. A value, read from
 * a file by {@link TestBedFile}.
 *
 * @param description one or two sentences for the report
 * @param devices at least one, with names that differ
 */
public record TestBed(
        String name,
        String description,
        ServerSite server,
        EvaluatorSite evaluator,
        List<Device> devices) {
    public TestBed {
        devices = List.copyOf(devices);
    }

    /** The same place by another name. */
    public TestBed named(String other) {
        return new TestBed(other, description, server, evaluator, devices);
    }

    /** The same place with other devices. */
    public TestBed with(List<Device> others) {
        return new TestBed(name, description, server, evaluator, others);
    }
}
