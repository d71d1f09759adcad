package org.hermesml.core.admission;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hermesml.core.method.Quorum;
import org.hermesml.core.state.Member;

/**
 * Who has answered in the open round, weighed by speed, and when it may end. Sums are kept as
 * members change: a run may have thousands.
 */
final class OpenRound {
    /** Sums of the same numbers in another order may differ by this much. */
    private static final double ROUNDING = 1e-9;

    /** So many must have ended before one can take too long. */
    private static final int ROUNDS = 3;

    /** A member is put in the place of {@code before}; to be called with each change of one. */
    static void changed(AdmissionBook book, Member before, Member after) {
        book.run()
                .setLivePace(book.run().getLivePace() + pace(after) - pace(before))
                .setAnsweredPace(
                        book.run().getAnsweredPace()
                                + answered(book, after)
                                - answered(book, before));
    }

    private static double pace(Member member) {
        return member.getLive() ? member.getPace() : 0;
    }

    private static double answered(AdmissionBook book, Member member) {
        return member.getAnsweredRoundPlusOne() == book.log().head().getRound() + 1
                ? pace(member)
                : 0;
    }

    /**
     * The log says that the round before has ended: nobody has answered in the next. Where it ended
     * without its quorum, who had not answered is not waited for until it does.
     */
    static void opened(AdmissionBook book, Quorum quorum, long nowMs) {
        boolean late = !reaches(book, quorum.share());
        long ended = book.log().head().getRound();
        double live = 0;
        // In one order, whatever the process: a sum hangs on it.
        for (Map.Entry<String, Member> entry : new TreeMap<>(book.members().asMap()).entrySet()) {
            Member member = entry.getValue();
            if (late && member.getAnsweredRoundPlusOne() != ended && pace(member) > 0) {
                book.members().put(entry.getKey(), member.toBuilder().setPace(0).build());
            } else {
                live += pace(member);
            }
        }
        List<Long> lasted = new ArrayList<>(book.run().getRoundMsList());
        lasted.add(nowMs - openedMs(book));
        book.run()
                .clearRoundMs()
                .addAllRoundMs(lasted.subList(Math.max(0, lasted.size() - ROUNDS), lasted.size()))
                .setLivePace(live)
                .setAnsweredPace(0)
                .setQuorumMs(0)
                .setRoundOpenedMs(nowMs);
    }

    /**
     * Notes since when there is a quorum; none is lost by one who joins, but by one who answers.
     */
    static void look(AdmissionBook book, Quorum quorum, long nowMs) {
        boolean reached = has(book, quorum.share());
        if (reached != book.run().getQuorumMs() > 0) {
            book.run().setQuorumMs(reached ? nowMs : 0);
        }
    }

    static boolean isDue(AdmissionBook book, Quorum quorum, long nowMs) {
        return has(book, 1) || dueMs(book, quorum) <= nowMs;
    }

    /** When the grace of its quorum or its overtime ends; {@link Long#MAX_VALUE} for never. */
    static long dueMs(AdmissionBook book, Quorum quorum) {
        if (book.log().head().getHeldCount() == 0) {
            return Long.MAX_VALUE;
        }
        long openedMs = openedMs(book);
        long dueMs = Long.MAX_VALUE;
        if (book.run().getRoundMsCount() == ROUNDS
                && Collections.max(book.run().getRoundMsList()) > 0) {
            long longest = Collections.max(book.run().getRoundMsList());
            dueMs = openedMs + Math.round(quorum.overtime() * longest);
        }
        long untilMs = Math.max(0, book.run().getQuorumMs() - openedMs);
        return book.run().getQuorumMs() == 0
                ? dueMs
                : Math.min(dueMs, book.run().getQuorumMs() + Math.round(quorum.grace() * untilMs));
    }

    private static long openedMs(AdmissionBook book) {
        return Math.max(book.run().getRoundOpenedMs(), book.run().getStartedMs());
    }

    private static boolean has(AdmissionBook book, double share) {
        return book.log().head().getHeldCount() > 0 && reaches(book, share);
    }

    private static boolean reaches(AdmissionBook book, double share) {
        return book.run().getAnsweredPace() >= share * book.run().getLivePace() * (1 - ROUNDING);
    }

    private OpenRound() {}
}
