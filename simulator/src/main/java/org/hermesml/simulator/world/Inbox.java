package org.hermesml.simulator.world;

import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.Outcome;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.Release;

/** What one incarnation has been told, and what of it is still news. */
final class Inbox {
    private Allocation allocation;
    private Version newest;
    private Outcome outcome;
    private Release release;
    private PushState begin;

    /** A version of the model as it was published; {@code weights} are shared and never changed. */
    record Version(long version, float[] weights) {}

    /**
     * @param model that the directive speaks of; null where it speaks of none
     */
    void take(Directive directive, Version model) {
        switch (directive.getContentCase()) {
            case ALLOCATION -> {
                if (allocation == null
                        || directive.getAllocation().getGeneration()
                                >= allocation.getGeneration()) {
                    allocation = directive.getAllocation();
                }
                if (begin == null && directive.hasBegin()) {
                    begin = directive.getBegin();
                }
            }
            case OUTCOME -> {
                if (outcome == null
                        || directive.getOutcome().getSequence() >= outcome.getSequence()) {
                    outcome = directive.getOutcome();
                }
            }
            case RELEASE -> {
                if (release == null || directive.getRelease().getClock() >= release.getClock()) {
                    release = directive.getRelease();
                }
            }
            default -> {}
        }
        take(model);
    }

    /**
     * @param model null changes nothing
     */
    void take(Version model) {
        if (model != null && (newest == null || model.version() >= newest.version())) {
            newest = model;
        }
    }

    /**
     * What the push rule begins with; null before the first allocation, and where nothing is known.
     */
    PushState begin() {
        return begin;
    }

    /** Null before the first. */
    Allocation allocation() {
        return allocation;
    }

    /** The newest version that this device knows of; null before the first. */
    Version newest() {
        return newest;
    }

    /** What became of the push of iteration {@code clock}; null where that is not known. */
    Outcome outcome(long clock) {
        return outcome != null && outcome.getSequence() == clock ? outcome : null;
    }

    /** The answer to the question of iteration {@code clock}; null where there is none yet. */
    Release release(long clock) {
        return release != null && release.getClock() == clock ? release : null;
    }
}
