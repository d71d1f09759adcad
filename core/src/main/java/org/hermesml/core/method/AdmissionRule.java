package org.hermesml.core.method;

import java.util.Optional;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.PendingUpdate;

/**
 * What the server does with an update: asked for each one that is complete and sound. Pure;
 * everything it may know is in {@link Standing}.
 */
public interface AdmissionRule {
    /**
     * The decision on {@code update}, without run and protocol; empty while something is awaited (a
     * score, an earlier version). A decision is only a proposal: it counts once it is read back
     * from the verdict log.
     */
    Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing);

    /** Whether the open round ends now. Rules without rounds never say so. */
    default boolean roundIsComplete(Standing standing) {
        return false;
    }
}
