package org.hermesml.simulator.testbed;

import java.util.ArrayList;
import java.util.List;
import org.hermesml.core.InputException;

/**
 * How many devices of a test bed are hostile, and what they do: {@code 0.3:sign-flip}.
 *
 * @param share of the devices, 0 to 1
 */
public record Hostility(double share, Attack attack) {
    /** Everybody is honest, but for whom the test bed says otherwise. */
    public static final Hostility NONE = new Hostility(0, Attack.NONE);

    /**
     * @throws InputException for what is not {@code FRACTION:ATTACK}
     */
    public static Hostility of(String text) {
        int colon = text.indexOf(':');
        double share = -1;
        try {
            share = Double.parseDouble(text.substring(0, Math.max(0, colon)));
        } catch (NumberFormatException e) {
            // said below
        }
        if (!(share >= 0 && share <= 1)) {
            throw new InputException(
                    "--hostile '"
                            + text
                            + "' is not allowed; write FRACTION:ATTACK with a fraction from 0 to 1,"
                            + " such as 0.3:sign-flip.");
        }
        return new Hostility(share, Attack.of(text.substring(colon + 1), "--hostile"));
    }

    /** The test bed with its hostile devices spread evenly over the list: over fast and slow. */
    public TestBed on(TestBed bed) {
        int count = bed.devices().size();
        long hostile = Math.round(share * count);
        if (hostile == 0 || attack == Attack.NONE) {
            return bed;
        }
        List<Device> devices = new ArrayList<>(bed.devices());
        for (int i = 0; i < hostile; i++) {
            int place = (int) ((2 * i + 1) * count / (2 * hostile));
            devices.set(place, devices.get(place).with(attack));
        }
        return bed.with(devices);
    }
}
