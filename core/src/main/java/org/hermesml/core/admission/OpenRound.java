package org.hermesml.core.admission;

import org.hermesml.core.method.Quorum;
import org.hermesml.core.state.AdmissionState;
import org.hermesml.core.state.AdmissionStateOrBuilder;
import org.hermesml.core.state.Member;

/**
 * Who has answered in the open round, weighed by speed, and when it may end. Sums are kept as
 * members change: a run may have thousands. Pure.
 */
final class OpenRound {
    /** Sums of the same numbers in another order may differ by this much. */
    private static final double ROUNDING = 1e-9;

    /** A member is put in the place of {@code before}; to be called with each change of one. */
    static void changed(AdmissionState.Builder state, Member before, Member after) {
        state.setLivePace(state.getLivePace() + pace(after) - pace(before))
                .setAnsweredPace(
                        state.getAnsweredPace() + answered(state, after) - answered(state, before));
    }

    private static double pace(Member member) {
        return member.getLive() ? member.getPace() : 0;
    }

    private static double answered(AdmissionState.Builder state, Member member) {
        return member.getAnsweredRoundPlusOne() == state.getLog().getRound() + 1 ? pace(member) : 0;
    }

    /** The log says that the round before has ended: nobody has answered in the next. */
    static void opened(AdmissionState.Builder state, long nowMs) {
        double live = 0;
        for (Member member : state.getMembersMap().values()) {
            live += pace(member);
        }
        state.setLivePace(live).setAnsweredPace(0).setQuorumMs(0).setRoundOpenedMs(nowMs);
    }

    /**
     * Notes since when there is a quorum; none is lost by one who joins, but by one who answers.
     */
    static void look(AdmissionState.Builder state, Quorum quorum, long nowMs) {
        boolean reached = has(state, quorum.share());
        if (reached != state.getQuorumMs() > 0) {
            state.setQuorumMs(reached ? nowMs : 0);
        }
    }

    static boolean isDue(AdmissionStateOrBuilder state, Quorum quorum, long nowMs) {
        return state.getQuorumMs() > 0 && (has(state, 1) || dueMs(state, quorum) <= nowMs);
    }

    /** When the grace of a quorum ends; {@link Long#MAX_VALUE} without one. */
    static long dueMs(AdmissionStateOrBuilder state, Quorum quorum) {
        if (state.getQuorumMs() == 0) {
            return Long.MAX_VALUE;
        }
        long openedMs = Math.max(state.getRoundOpenedMs(), state.getStartedMs());
        long untilMs = Math.max(0, state.getQuorumMs() - openedMs);
        return state.getQuorumMs() + Math.round(quorum.grace() * untilMs);
    }

    private static boolean has(AdmissionStateOrBuilder state, double share) {
        return state.getLog().getHeldCount() > 0
                && state.getAnsweredPace() >= share * state.getLivePace() * (1 - ROUNDING);
    }

    private OpenRound() {}
}
