package org.hermesml.simulator.testbed;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.hermesml.core.InputException;

/**
 * What a hostile device does to the model. All lie about their loss as well: they report that of
 * the model that they trained honestly and did not send, or where they trained none, that of the
 * global model, and each time a little less than before: gates let them pass, and there is nothing
 * odd in their reports.
 */
public enum Attack {
    /** An honest device. */
    NONE("none"),
    /** Sends base - delta for base + delta. */
    SIGN_FLIP("sign-flip"),
    /** Sends base + 100 * delta. */
    SCALE_100("scale-100"),
    /** Trains on class 9 - y for y. */
    LABEL_FLIP("label-flip"),
    /** Adds Gaussian noise of ten times the norm of its delta. */
    NOISE("noise"),
    /** Moves the base in one direction, the same for all and always, by the norm of its delta. */
    DRIFT("drift"),
    /** As label-flip, and reports a tenth of the loss that it would report there. */
    FALSE_LOSS("false-loss");

    private final String key;

    Attack(String key) {
        this.key = key;
    }

    /** As files and options have it. */
    public String key() {
        return key;
    }

    public boolean flipsLabels() {
        return this == LABEL_FLIP || this == FALSE_LOSS;
    }

    /**
     * @param what where the word was found, for the message
     * @throws InputException for a word that names none
     */
    public static Attack of(String key, String what) {
        return Arrays.stream(values())
                .filter(attack -> attack.key.equals(key))
                .findFirst()
                .orElseThrow(
                        () ->
                                new InputException(
                                        what
                                                + " '"
                                                + key
                                                + "' is no attack; allowed are "
                                                + Arrays.stream(values())
                                                        .map(Attack::key)
                                                        .collect(Collectors.joining(", "))
                                                + "."));
    }
}
