package org.hermesml.simulator.testbed;

import java.util.List;

/**
 * A device that trains. A mini-batch step of b samples takes {@code stepFixedMs + stepPerSampleMs *
 * b}, times jitter and slow phase.
 *
 * @param stepFixedMs milliseconds
 * @param stepPerSampleMs milliseconds
 * @param jitter relative spread of the time of an iteration, 0 (none) to below 1
 * @param slowPhases in order of time, none overlapping
 * @param dataMemoryBytes room for samples
 * @param absences in order of time, none overlapping
 * @param hostile what it does to the model
 */
public record Device(
        String name,
        double stepFixedMs,
        double stepPerSampleMs,
        double jitter,
        List<SlowPhase> slowPhases,
        long dataMemoryBytes,
        Link link,
        List<Absence> absences,
        Attack hostile) {
    public Device {
        slowPhases = List.copyOf(slowPhases);
        absences = List.copyOf(absences);
    }

    /** The same device by another name. */
    public Device named(String other) {
        return new Device(
                other,
                stepFixedMs,
                stepPerSampleMs,
                jitter,
                slowPhases,
                dataMemoryBytes,
                link,
                absences,
                hostile);
    }

    /** The same device with steps of another cost. */
    Device withStep(double fixedMs, double perSampleMs) {
        return new Device(
                name,
                fixedMs,
                perSampleMs,
                jitter,
                slowPhases,
                dataMemoryBytes,
                link,
                absences,
                hostile);
    }

    /** The same device with another intent. */
    Device with(Attack attack) {
        return new Device(
                name,
                stepFixedMs,
                stepPerSampleMs,
                jitter,
                slowPhases,
                dataMemoryBytes,
                link,
                absences,
                attack);
    }
}
