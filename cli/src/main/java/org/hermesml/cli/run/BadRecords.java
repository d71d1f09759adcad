package org.hermesml.cli.run;

import java.util.HashSet;
import java.util.Set;
import org.hermesml.core.message.RefusedRecord;

/** Counts the refused records of one run. Not safe for use by several threads. */
final class BadRecords {
    /** Who sends bad records sends many: a screen full of them would hide all else. */
    private static final int MOST_TOLD = 20;

    private final Set<String> told = new HashSet<>();
    private long ofRun;
    private long ofNone;
    private String newest = "";

    /**
     * @param refused of the run, or of none: what it was meant for could not be read
     * @return whether people should be told of this one by itself
     */
    boolean take(RefusedRecord refused) {
        boolean isRecord = !refused.getTopic().isEmpty();
        if (refused.getRun().isEmpty()) {
            ofNone++;
        } else if (isRecord) {
            ofRun++;
        }
        newest = refused.getReason();
        // An update that was refused is in the log of verdicts, and told from there.
        return isRecord
                && told.size() < MOST_TOLD
                && told.add(refused.getWorker() + refused.getReason());
    }

    /** That name this run. */
    long ofRun() {
        return ofRun;
    }

    /** That name no run. */
    long ofNone() {
        return ofNone;
    }

    /** For people; empty where none was refused. */
    String text() {
        if (ofRun + ofNone == 0) {
            return "";
        }
        return "refused records "
                + ofRun
                + (ofNone > 0 ? " (and " + ofNone + " that name no run)" : "")
                + ", the newest: "
                + newest;
    }
}
