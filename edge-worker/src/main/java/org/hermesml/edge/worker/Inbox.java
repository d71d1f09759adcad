package org.hermesml.edge.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.Dismissal;
import org.hermesml.core.message.ModelVersion;
import org.hermesml.core.message.Outcome;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.Release;
import org.hermesml.core.message.RunEnd;

/**
 * What the job has told this incarnation and what of it is still news. Filled by the listener's
 * thread, read by the session's; any thread.
 */
final class Inbox {
    private final String worker;
    private final List<Directive> early = new ArrayList<>();
    private long incarnation = -1;
    private Allocation allocation;
    private ModelVersion newest;
    private Outcome outcome;
    private Release release;
    private RunEnd stop;
    private String dismissal;
    private PushState begin;
    private long rivals;

    Inbox(String worker) {
        this.worker = worker;
    }

    /**
     * From now on directives for {@code incarnation} count; those for older ones of this worker
     * never do.
     */
    synchronized void open(long incarnation) {
        this.incarnation = incarnation;
        early.forEach(this::take);
        early.clear();
    }

    /**
     * The answer to a hello may be here before the hello's own acknowledgement: it waits for {@link
     * #open}.
     */
    synchronized void take(Directive directive) {
        if (incarnation < 0) {
            early.add(directive);
            return;
        }
        boolean forAll = directive.getWorker().isEmpty();
        boolean mine =
                directive.getWorker().equals(worker) && directive.getIncarnation() == incarnation;
        if (!forAll && !mine) {
            if (directive.getWorker().equals(worker) && directive.getDismissal().getRival()) {
                rivals++;
                notifyAll();
            }
            return;
        }
        if (begin == null && directive.hasBegin()) {
            begin = directive.getBegin();
        }
        switch (directive.getContentCase()) {
            case ALLOCATION -> take(directive.getAllocation());
            case OUTCOME -> take(directive.getOutcome());
            case RELEASE -> take(directive.getRelease());
            case MODEL -> take(directive.getModel());
            case STOP -> stop = directive.getStop();
            case DISMISSAL -> take(directive.getDismissal());
            case CONTENT_NOT_SET -> {
                // Of a later minor release: nothing that this worker has to know.
            }
        }
        notifyAll();
    }

    /** Generations only grow; an older one can come late after the job's restart. */
    private void take(Allocation next) {
        if (allocation == null || next.getGeneration() >= allocation.getGeneration()) {
            allocation = next;
        }
    }

    /** The first says why; what is still spoken after it is refused for that alone. */
    private void take(Dismissal next) {
        if (dismissal == null) {
            dismissal = next.getReason();
        }
    }

    private void take(Outcome next) {
        if (outcome == null || next.getSequence() >= outcome.getSequence()) {
            outcome = next;
        }
        if (next.hasModel()) {
            take(next.getModel());
        }
    }

    private void take(Release next) {
        if (release == null || next.getClock() >= release.getClock()) {
            release = next;
        }
    }

    private void take(ModelVersion next) {
        if (next.getSlicesCount() > 0
                && (newest == null || next.getVersion() >= newest.getVersion())) {
            newest = next;
        }
    }

    /** What the server says this life's push rule begins with; known with the first allocation. */
    synchronized Optional<PushState> begin() {
        return Optional.ofNullable(begin);
    }

    /** How often the server has told another live process with this worker's id to go. */
    synchronized long rivals() {
        return rivals;
    }

    synchronized Optional<Allocation> allocation() {
        return Optional.ofNullable(allocation);
    }

    /** The newest complete version that this worker knows of. */
    synchronized Optional<ModelVersion> newest() {
        return Optional.ofNullable(newest);
    }

    /** What became of the push of iteration {@code sequence}, if known. */
    synchronized Optional<Outcome> outcome(long sequence) {
        return Optional.ofNullable(outcome).filter(o -> o.getSequence() == sequence);
    }

    /** How to go on after iteration {@code clock}, if known. */
    synchronized Optional<Release> release(long clock) {
        return Optional.ofNullable(release).filter(r -> r.getClock() == clock);
    }

    /** Why the run has ended, if it has. */
    synchronized Optional<RunEnd> stop() {
        return Optional.ofNullable(stop);
    }

    /** Why this incarnation takes no further part, if so. */
    synchronized Optional<String> dismissal() {
        return Optional.ofNullable(dismissal);
    }

    synchronized boolean isOver() {
        return stop != null || dismissal != null;
    }

    /** Waits until {@code condition} holds or {@code ms} have passed; returns whether it holds. */
    synchronized boolean await(BooleanSupplier condition, long ms) throws InterruptedException {
        long deadline = System.nanoTime() + ms * 1_000_000;
        while (!condition.getAsBoolean()) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
