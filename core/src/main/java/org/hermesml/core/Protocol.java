package org.hermesml.core;

/** The version of the messages in {@code hermes.proto} that this program speaks. */
public final class Protocol {
    public static final int VERSION = 1;

    /** Why a record of {@code found} cannot be read, or an empty string when it can. */
    public static String fault(int found) {
        if (found >= 1 && found <= VERSION) {
            return "";
        }
        return "protocol version "
                + found
                + " is not known here (known: 1 to "
                + VERSION
                + "); update this side to the sender's release";
    }

    private Protocol() {}
}
