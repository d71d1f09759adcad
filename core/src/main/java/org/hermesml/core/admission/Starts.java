package org.hermesml.core.admission;

import org.hermesml.core.state.Member;
import org.hermesml.core.state.MemberOrBuilder;

/**
 * Who is waited for although it has not finished an iteration since it joined. Pure.
 *
 * @param nowMs of the event that is looked at
 * @param patienceMs how long a start holds up others
 */
record Starts(long nowMs, long patienceMs) {
    /**
     * @param before what was known of the worker
     * @param now in the life that it has said hello in, or is heard of again in
     * @return since when it has been starting; 0 where it has started
     */
    long sinceMs(Member before, MemberOrBuilder now) {
        if (now.getClock() > 0) {
            return 0;
        }
        boolean failedBefore = before.getClock() == 0 && before.getStartingSinceMs() > 0;
        return failedBefore ? before.getStartingSinceMs() : nowMs;
    }

    boolean isWaitedFor(AdmissionBook book, Member member) {
        return member.getStartingSinceMs() == 0 || nowMs < dueMs(book, member);
    }

    /** When the next start has taken too long; {@link Long#MAX_VALUE} for never. */
    long nextDueMs(AdmissionBook book) {
        if (book.run().getStarting() == 0) {
            return Long.MAX_VALUE;
        }
        return book.members().asMap().values().stream()
                .filter(member -> member.getLive() && member.getStartingSinceMs() > 0)
                .mapToLong(member -> dueMs(book, member))
                .filter(due -> due > nowMs)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Nobody can start before the run begins. */
    private long dueMs(AdmissionBook book, Member member) {
        return book.run().getStartedMs() == 0
                ? Long.MAX_VALUE
                : Math.max(book.run().getStartedMs(), member.getStartingSinceMs()) + patienceMs;
    }
}
