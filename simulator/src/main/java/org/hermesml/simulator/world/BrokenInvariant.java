package org.hermesml.simulator.world;

/** Something that must always hold does not: a fault of the rules or of the simulator. */
public final class BrokenInvariant extends IllegalStateException {
    private static final long serialVersionUID = 1;

    BrokenInvariant(String what) {
        super(what);
    }

    BrokenInvariant(String what, Throwable cause) {
        super(what, cause);
    }
}
