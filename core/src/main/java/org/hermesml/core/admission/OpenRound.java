package org.hermesml.core.admission;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    /** So many must have ended before one can take too long. */
    private static final int ROUNDS = 3;

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

    /**
     * The log says that the round before has ended: nobody has answered in the next. Where it ended
     * without its quorum, who had not answered is not waited for until it does.
     */
    static void opened(AdmissionState.Builder state, Quorum quorum, long nowMs) {
        boolean late = !reaches(state, quorum.share());
        long ended = state.getLog().getRound();
        double live = 0;
        // In one order, whatever the process: a sum hangs on it.
        for (Map.Entry<String, Member> entry : new TreeMap<>(state.getMembersMap()).entrySet()) {
            Member member = entry.getValue();
            if (late && member.getAnsweredRoundPlusOne() != ended && pace(member) > 0) {
                state.putMembers(entry.getKey(), member.toBuilder().setPace(0).build());
            } else {
                live += pace(member);
            }
        }
        List<Long> lasted = new ArrayList<>(state.getRoundMsList());
        lasted.add(nowMs - openedMs(state));
        state.clearRoundMs()
                .addAllRoundMs(lasted.subList(Math.max(0, lasted.size() - ROUNDS), lasted.size()))
                .setLivePace(live)
                .setAnsweredPace(0)
                .setQuorumMs(0)
                .setRoundOpenedMs(nowMs);
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
        return has(state, 1) || dueMs(state, quorum) <= nowMs;
    }

    /** When the grace of its quorum or its overtime ends; {@link Long#MAX_VALUE} for never. */
    static long dueMs(AdmissionStateOrBuilder state, Quorum quorum) {
        if (state.getLog().getHeldCount() == 0) {
            return Long.MAX_VALUE;
        }
        long openedMs = openedMs(state);
        long dueMs = Long.MAX_VALUE;
        if (state.getRoundMsCount() == ROUNDS && Collections.max(state.getRoundMsList()) > 0) {
            long longest = Collections.max(state.getRoundMsList());
            dueMs = openedMs + Math.round(quorum.overtime() * longest);
        }
        long untilMs = Math.max(0, state.getQuorumMs() - openedMs);
        return state.getQuorumMs() == 0
                ? dueMs
                : Math.min(dueMs, state.getQuorumMs() + Math.round(quorum.grace() * untilMs));
    }

    private static long openedMs(AdmissionStateOrBuilder state) {
        return Math.max(state.getRoundOpenedMs(), state.getStartedMs());
    }

    private static boolean has(AdmissionStateOrBuilder state, double share) {
        return state.getLog().getHeldCount() > 0 && reaches(state, share);
    }

    private static boolean reaches(AdmissionStateOrBuilder state, double share) {
        return state.getAnsweredPace() >= share * state.getLivePace() * (1 - ROUNDING);
    }

    private OpenRound() {}
}
