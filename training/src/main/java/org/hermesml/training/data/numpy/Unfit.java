package org.hermesml.training.data.numpy;

/** Why an array cannot be used, as a sentence goes on after the array's name. */
final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;

    Unfit(String why) {
        super(why, null, false, false);
    }
}
