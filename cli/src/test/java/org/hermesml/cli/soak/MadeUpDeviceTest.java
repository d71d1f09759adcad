package org.hermesml.cli.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.hermesml.cli.soak.MadeUpDevice.Step;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.ModelVersion;
import org.hermesml.core.message.Outcome;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.method.Methods;
import org.hermesml.core.settings.Settings;
import org.junit.jupiter.api.Test;

class MadeUpDeviceTest {
    private static final long LATER = 1_000_000_000_000L;

    private final MadeUpDevice device =
            new MadeUpDevice(
                    "made-up-0",
                    Methods.of(Settings.of(Map.of("method", "asp"))).pushRule(),
                    1,
                    Duration.ofSeconds(5),
                    new SplittableRandom(5),
                    0);

    @Test
    void itIteratesOnceItHasAnAllocationAndAModelAndWaitsForTheOutcomeOfItsPush() {
        assertEquals(Step.JOIN, device.next(LATER));
        device.joined(7, 0);
        assertEquals(Step.WAIT, device.next(LATER));
        device.take(allocation(6), 0);
        device.take(model(3), 0);
        assertEquals(Step.WAIT, device.next(LATER), "the allocation was for another life");
        device.take(allocation(7), 0);
        assertEquals(Step.ITERATE, device.next(LATER));
        IterationReport report = device.iterate(LATER);
        assertTrue(report.getPush());
        assertEquals(3, report.getBaseVersion());
        assertEquals(Step.WAIT, device.next(LATER));
        assertEquals(Step.SAY_AGAIN, device.next(2 * LATER));
        assertEquals(report, device.sayAgain(2 * LATER).orElseThrow());
        device.take(outcome(7, 1, 4), 2 * LATER);
        assertEquals(Step.ITERATE, device.next(3 * LATER));
        assertEquals(4, device.iterate(3 * LATER).getBaseVersion());
    }

    @Test
    void aLifeEndsAndTheNextOneBeginsWithNothing() {
        device.joined(7, 0);
        device.take(allocation(7), 0);
        device.take(model(0), 0);
        long now = LATER;
        int iterations = 0;
        while (device.next(now) == Step.ITERATE) {
            IterationReport report = device.iterate(now);
            now += LATER;
            device.take(outcome(7, report.getClock(), ++iterations), now);
            now += LATER;
        }
        assertEquals(Step.LEAVE, device.next(now));
        assertTrue(iterations > 0 && iterations < 200, "" + iterations);
        device.left(now);
        assertEquals(Step.WAIT, device.next(now));
        assertEquals(Step.JOIN, device.next(now + LATER));
        device.joined(9, now);
        assertEquals(Step.WAIT, device.next(now + LATER));
        device.take(allocation(9), now);
        device.take(model(50), now);
        assertEquals(1, device.iterate(now + LATER).getClock());
        assertFalse(device.sayAgain(now).isEmpty());
    }

    private static Directive allocation(long incarnation) {
        return directive(incarnation)
                .setAllocation(Allocation.newBuilder().setSamples(10).setMiniBatch(5).addBlocks(0))
                .build();
    }

    private static Directive model(long version) {
        return Directive.newBuilder().setModel(version(version)).build();
    }

    private static Directive outcome(long incarnation, long sequence, long version) {
        return directive(incarnation)
                .setOutcome(
                        Outcome.newBuilder()
                                .setSequence(sequence)
                                .setAdmitted(true)
                                .setModel(version(version)))
                .build();
    }

    private static ModelVersion version(long version) {
        return ModelVersion.newBuilder()
                .setVersion(version)
                .addSlices(RecordAddress.getDefaultInstance())
                .build();
    }

    private static Directive.Builder directive(long incarnation) {
        return Directive.newBuilder().setWorker("made-up-0").setIncarnation(incarnation);
    }
}
