package org.hermesml.simulator.world;

import org.hermesml.core.message.Activity;
import org.hermesml.simulator.RunTrace.Kind;

/** What a simulated worker is at. */
enum Phase {
    AWAY(Kind.AWAY),
    JOINING(Kind.TRANSFERRING),
    PREPARING(Kind.TRANSFERRING, Activity.FETCHING),
    STARTING(Kind.WAITING, Activity.WAITING),
    PULLING(Kind.TRANSFERRING, Activity.PULLING),
    AWAITING_DATA(Kind.TRANSFERRING, Activity.FETCHING),
    TRAINING(Kind.TRAINING, Activity.TRAINING),
    EVALUATING(Kind.EVALUATING, Activity.EVALUATING),
    AWAITING_RELEASE(Kind.WAITING),
    SENDING(Kind.TRANSFERRING, Activity.SENDING),
    AWAITING_OUTCOME(Kind.WAITING),
    LEFT(Kind.AWAY);

    private final Kind kind;
    private final Activity activity;

    /** One in which it has other things to say, or none. */
    Phase(Kind kind) {
        this(kind, Activity.ACTIVITY_UNSPECIFIED);
    }

    Phase(Kind kind, Activity activity) {
        this.kind = kind;
        this.activity = activity;
    }

    /** As what its time counts. */
    Kind kind() {
        return kind;
    }

    /** What a sign of life says of it; unspecified where none is given. */
    Activity activity() {
        return activity;
    }
}
