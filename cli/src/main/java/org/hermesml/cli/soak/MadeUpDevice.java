package org.hermesml.cli.soak;

import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.hermesml.core.account.BegunIteration;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.ModelVersion;
import org.hermesml.core.message.Outcome;
import org.hermesml.core.message.PushState;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.method.PushRule.Observation;
import org.hermesml.core.method.PushRule.PushStep;

/**
 * A device that says what a worker says, by the push rule of its run, about losses that are made
 * up: it trains nothing. From time to time it goes away and comes back. Times are those of {@link
 * System#nanoTime}. One thread.
 */
final class MadeUpDevice {
    /** Iterations of a life, in the mean. */
    private static final int LIFE = 60;

    private final String name;
    private final PushRule rule;
    private final SplittableRandom random;
    private final double seconds;
    private final long patienceNanos;

    private long incarnation = -1;
    private PushState push;
    private Allocation allocation;
    private ModelVersion newest;
    private long baseVersion;
    private long clock;
    private int iterationsLeft;
    private long dueNanos;

    /** The push whose outcome it waits for; null where it waits for none. */
    private IterationReport pushed;

    /** What it does next. */
    enum Step {
        WAIT,
        JOIN,
        ITERATE,
        SAY_AGAIN,
        LEAVE
    }

    /**
     * @param seconds that an iteration takes
     * @param patience for an answer
     */
    MadeUpDevice(
            String name,
            PushRule rule,
            double seconds,
            Duration patience,
            SplittableRandom random,
            long nowNanos) {
        this.name = name;
        this.rule = rule;
        this.seconds = seconds;
        this.patienceNanos = patience.toNanos();
        this.random = random;
        this.dueNanos = nowNanos + nanos(seconds * random.nextDouble());
    }

    String name() {
        return name;
    }

    long incarnation() {
        return incarnation;
    }

    Step next(long nowNanos) {
        if (nowNanos - dueNanos < 0) {
            return Step.WAIT;
        }
        if (incarnation < 0) {
            return Step.JOIN;
        }
        if (pushed != null) {
            return Step.SAY_AGAIN;
        }
        if (allocation == null || newest == null) {
            return Step.WAIT;
        }
        return iterationsLeft > 0 ? Step.ITERATE : Step.LEAVE;
    }

    /** It has said hello, by the record at {@code offset}. */
    void joined(long offset, long nowNanos) {
        incarnation = offset;
        push = rule.start();
        clock = 0;
        iterationsLeft = 1 + random.nextInt(2 * LIFE);
        dueNanos = nowNanos;
    }

    /** It is gone, and comes back after some iterations' time. */
    void left(long nowNanos) {
        incarnation = -1;
        allocation = null;
        newest = null;
        pushed = null;
        dueNanos = nowNanos + nanos(seconds * (1 + random.nextInt(8)));
    }

    /** Whether this time it says that it leaves. */
    boolean leavesPolitely() {
        return random.nextBoolean();
    }

    /** Takes what is meant for it or for all. */
    void take(Directive directive, long nowNanos) {
        boolean forAll = directive.getWorker().isEmpty();
        if (!forAll && directive.getIncarnation() != incarnation) {
            return;
        }
        if (directive.hasBegin()) {
            push = directive.getBegin();
        }
        switch (directive.getContentCase()) {
            case ALLOCATION -> allocation = directive.getAllocation();
            case MODEL -> take(directive.getModel());
            case OUTCOME -> settle(directive.getOutcome(), nowNanos);
            case DISMISSAL -> left(nowNanos);
            default -> {
                // A release, which these methods have none of, or the end, of which its run knows.
            }
        }
    }

    private void take(ModelVersion version) {
        if (newest == null || version.getVersion() >= newest.getVersion()) {
            newest = version;
        }
        if (baseVersion == 0) {
            baseVersion = version.getVersion();
        }
    }

    private void settle(Outcome outcome, long nowNanos) {
        if (outcome.hasModel()) {
            take(outcome.getModel());
        }
        if (pushed != null && outcome.getSequence() == pushed.getClock()) {
            pushed = null;
            baseVersion = newest.getVersion();
            push = rule.pulled(push, outcome.getIterations());
            dueNanos = nowNanos + nanos(seconds);
        }
    }

    /** One iteration; where its report pushes, the update is to be sent before it. */
    IterationReport iterate(long nowNanos) {
        clock++;
        iterationsLeft--;
        Observation seen = made();
        PushStep step = rule.observe(push, seen);
        int samples = Math.max(1, allocation.getSamples());
        IterationReport report =
                new BegunIteration(
                                clock,
                                baseVersion,
                                allocation,
                                samples,
                                allocation.getBlocksCount())
                        .report(seen.heldOutLoss(), seconds, push, seen, step)
                        .setPush(step.push())
                        .build();
        push = step.next();
        if (step.push()) {
            pushed = report;
            dueNanos = nowNanos + patienceNanos;
        } else {
            dueNanos = nowNanos + nanos(seconds);
        }
        return report;
    }

    /** The push that no answer has come to. */
    Optional<IterationReport> sayAgain(long nowNanos) {
        dueNanos = nowNanos + patienceNanos;
        return Optional.ofNullable(pushed);
    }

    /** Falls with the versions, with as much noise as a gate usually sees. */
    private Observation made() {
        double fallen = 0.1 + 2.2 / (1 + 0.05 * baseVersion + 0.01 * clock);
        double loss = fallen * (1 + 0.1 * (random.nextDouble() - 0.5));
        return new Observation(loss, Math.exp(-loss), 1);
    }

    private static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }
}
