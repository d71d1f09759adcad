package org.hermesml.cli.replay;

/**
 * One version, made anew.
 *
 * @param digest SHA-256 of its parameters as published, hexadecimal
 * @param slice the first that differs or is missing; -1 where none
 */
public record ReplayedVersion(long version, String digest, Finding finding, int slice) {
    /** How it compares with what was published under that number. */
    public enum Finding {
        EQUAL,
        /** A slice, or one copy of it, has other bytes. */
        DIFFERENT,
        /** Some slices are there, others not. */
        INCOMPLETE,
        /** None is there. */
        ABSENT
    }
}
