package org.hermesml.simulator.world;

/** What a simulated worker is at. */
enum Phase {
    AWAY,
    JOINING,
    PREPARING,
    STARTING,
    PULLING,
    AWAITING_DATA,
    TRAINING,
    EVALUATING,
    AWAITING_RELEASE,
    SENDING,
    AWAITING_OUTCOME,
    LEFT
}
