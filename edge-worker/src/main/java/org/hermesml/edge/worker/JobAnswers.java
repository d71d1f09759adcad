package org.hermesml.edge.worker;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.hermesml.edge.StopSignal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits of a session for what the job has to say. */
final class JobAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(JobAnswers.class);

    /** How often a wait looks whether the run is over. */
    private static final long LOOK_MS = 500;

    private static final int ASKED_BEFORE_SAID = 6;

    private final String run;
    private final Inbox inbox;
    private final StopSignal stop;
    private final BooleanSupplier runIsOpen;
    private final long patienceMs;
    private long rivalsSaid;

    /**
     * @param patienceMs after which a worker that waits says again what it waits for
     */
    JobAnswers(
            String run, Inbox inbox, StopSignal stop, BooleanSupplier runIsOpen, long patienceMs) {
        this.run = run;
        this.inbox = inbox;
        this.stop = stop;
        this.runIsOpen = runIsOpen;
        this.patienceMs = patienceMs;
    }

    /**
     * Waits until the job has answered, and says what it has to answer again meanwhile: a worker
     * that waits, at a barrier for instance, must not look like one that is gone, and the job knows
     * a report by its clock, so that a second one changes nothing but may fetch a lost answer.
     *
     * @return false when the run is over
     */
    boolean await(BooleanSupplier answered, Runnable sayAgain, long clock)
            throws InterruptedException {
        for (int asked = 1; !await(answered, patienceMs); asked++) {
            if (isOver()) {
                return false;
            }
            if (asked % ASKED_BEFORE_SAID == 0) {
                LOG.info("No answer to iteration {} after reporting it {} times", clock, asked);
            }
            sayAgain.run();
        }
        return true;
    }

    /**
     * Whether {@code condition} came true within {@code ms}; false at once when the run is over for
     * this worker.
     */
    boolean await(BooleanSupplier condition, long ms) throws InterruptedException {
        for (long left = ms; left > 0; left -= LOOK_MS) {
            stop.check();
            if (inbox.await(
                    () -> condition.getAsBoolean() || inbox.isOver(), Math.min(left, LOOK_MS))) {
                return condition.getAsBoolean() && !inbox.isOver();
            }
            if (!runIsOpen.getAsBoolean()) {
                return false;
            }
        }
        return false;
    }

    /**
     * @throws Dismissed when another process has this worker's place
     */
    boolean isOver() {
        stop.check();
        Optional<String> dismissal = inbox.dismissal();
        if (dismissal.isPresent()) {
            throw new Dismissed("Dismissed from run " + run + ": " + dismissal.get() + ".");
        }
        sayRivals();
        return inbox.stop().isPresent() || !runIsOpen.getAsBoolean();
    }

    private void sayRivals() {
        long rivals = inbox.rivals();
        if (rivals > rivalsSaid) {
            rivalsSaid = rivals;
            LOG.warn(
                    "Another process with the id of this device takes part in run {} and is turned"
                            + " away; give every device an --id of its own.",
                    run);
        }
    }
}
