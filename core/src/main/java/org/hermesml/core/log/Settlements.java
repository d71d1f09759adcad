package org.hermesml.core.log;

import java.util.List;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.SettledPush;

/** The fate of each push that a log entry settles, for its worker. Pure. */
public final class Settlements {
    /** Empty for entries that are ignored or settle nobody's push. */
    public static List<SettledPush> of(NumberedVerdict entry) {
        Verdict verdict = entry.getVerdict();
        boolean admitted = !verdict.hasRefused();
        return entry.getSettledList().stream()
                .filter(id -> !UpdateIds.isInitial(id))
                .map(
                        id ->
                                SettledPush.newBuilder()
                                        .setRun(verdict.getRun())
                                        .setId(id)
                                        .setAdmitted(admitted)
                                        .setReason(verdict.getRefused().getReason())
                                        .setVersion(admitted ? entry.getVersion() : 0)
                                        .build())
                .toList();
    }

    private Settlements() {}
}
