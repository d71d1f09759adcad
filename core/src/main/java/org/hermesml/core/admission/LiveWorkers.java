package org.hermesml.core.admission;

import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.hermesml.core.method.LiveWorker;
import org.hermesml.core.state.Member;

/** The workers that methods see. Pure. */
final class LiveWorkers {
    /**
     * Found out when first asked for: most rules never do, and a run may have thousands of members.
     * To be asked before {@code book} changes. Without those whose start takes too long.
     */
    static Map<String, LiveWorker> of(AdmissionBook book, Starts starts) {
        return new AbstractMap<>() {
            private Map<String, LiveWorker> found;

            @Override
            public Set<Entry<String, LiveWorker>> entrySet() {
                return found().entrySet();
            }

            @Override
            public LiveWorker get(Object worker) {
                return found().get(worker);
            }

            @Override
            public boolean containsKey(Object worker) {
                return found().containsKey(worker);
            }

            private Map<String, LiveWorker> found() {
                if (found == null) {
                    found = find(book, starts);
                }
                return found;
            }
        };
    }

    private static Map<String, LiveWorker> find(AdmissionBook book, Starts starts) {
        Map<String, LiveWorker> live = new LinkedHashMap<>();
        book.members()
                .asMap()
                .forEach(
                        (worker, member) -> {
                            if (member.getLive() && starts.isWaitedFor(book, member)) {
                                live.put(worker, worker(member));
                            }
                        });
        return live;
    }

    private static LiveWorker worker(Member member) {
        boolean underWay = member.getReleasing() > 0;
        return new LiveWorker(
                member.getIncarnation(),
                clock(member),
                member.getSeconds(),
                underWay ? 0 : member.getWaits(),
                underWay ? 0 : member.getReady(),
                member.getWants());
    }

    /** Finished iterations, counted so that who came late is not behind. */
    static long clock(Member member) {
        return member.getClockBase() + member.getClock();
    }

    private LiveWorkers() {}
}
