package org.hermesml.cli.local;

import org.hermesml.core.InputException;

/** Options that are whole numbers. */
public final class Counts {
    /**
     * @throws InputException when {@code value} is less than {@code least} or more than {@code
     *     most}
     */
    public static void require(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InputException(
                    option
                            + " "
                            + value
                            + " is not allowed; allowed are "
                            + least
                            + " to "
                            + most
                            + ".");
        }
    }

    private Counts() {}
}
