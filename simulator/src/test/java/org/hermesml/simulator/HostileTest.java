package org.hermesml.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hermesml.core.InputException;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.testbed.Attack;
import org.hermesml.simulator.testbed.Device;
import org.hermesml.simulator.testbed.Hostility;
import org.hermesml.simulator.testbed.TestBed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile devices among honest ones. */
class HostileTest {
    private static Settings settings(String... more) {
        String[] all = new String[4 + more.length];
        all[0] = "target_accuracy";
        all[1] = "0.9";
        all[2] = "max_time";
        all[3] = "30s";
        System.arraycopy(more, 0, all, 4, more.length);
        return DigitRuns.settings("hermes", all);
    }

    private static TestBed bed(String hostile) {
        return Hostility.of(hostile).on(DigitRuns.bed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sign-flip", "false-loss"})
    void aHostileDeviceIsExpelledAndTheOthersReachTheTarget(String attack) {
        RunResult result = DigitRuns.simulate(bed("0.34:" + attack), settings(), 1).result();

        assertEquals("second", result.hostile());
        assertEquals("second", result.expelled());
        assertTrue(result.reached(), result.end());
    }

    @Test
    void ofHonestDevicesNoneIsExpelled() {
        RunResult result = DigitRuns.simulate(DigitRuns.bed(), settings(), 1).result();

        assertEquals("", result.expelled());
        assertTrue(result.reached(), result.end());
    }

    @Test
    void withoutDefenceALabelFlipperThatLiesAboutItsLossKeepsTheModelFromTheTarget() {
        RunResult result =
                DigitRuns.simulate(bed("0.34:false-loss"), settings("defence", "false"), 1)
                        .result();

        assertEquals("", result.expelled());
        assertTrue(!result.reached(), result.end());
    }

    @Test
    void hostileDevicesAreSpreadOverTheBed() {
        TestBed bed = bed("0.67:drift");

        assertEquals(2, bed.devices().stream().filter(d -> d.hostile() == Attack.DRIFT).count());
        assertEquals(
                DigitRuns.bed().devices().stream().map(Device::name).toList(),
                bed.devices().stream().map(Device::name).toList());
    }

    @Test
    void whatIsNoFractionAndAttackIsRefusedWithWhatIsAllowed() {
        assertTrue(
                assertThrows(InputException.class, () -> Hostility.of("sign-flip"))
                        .getMessage()
                        .contains("0.3:sign-flip"));
        assertTrue(
                assertThrows(InputException.class, () -> Hostility.of("0.3:signflip"))
                        .getMessage()
                        .contains("label-flip"));
    }
}
