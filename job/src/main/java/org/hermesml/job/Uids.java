package org.hermesml.job;

/** Names of operators in savepoints: never changed, or their state is lost. */
public final class Uids {
    static final String RUNS = "runs";
    static final String REPORTS = "reports";
    static final String UPDATES = "updates";
    static final String SCORES = "scores";
    static final String VERDICTS = "verdicts";
    static final String RUNS_OF_SLICES = "runs-of-slices";
    static final String SLICE_CHECK = "slice-check";
    static final String WAITING_SLICES = "waiting-slices";
    static final String LOSS_WINDOW = "loss-window";
    static final String ADMISSION = "admission";
    static final String VERDICT_LOG = "verdict-log";
    public static final String MERGE = "merge";
    static final String MODEL_WRITER = "model-writer";
    static final String PUBLISH = "publish";
    static final String ALLOCATION = "allocation";
    static final String VERDICT_SINK = "verdict-sink";
    static final String DIRECTIVE_SINK = "directive-sink";
    static final String ENDED_SINK = "ended-sink";
    static final String REFUSED_COUNT = "refused-count";
    static final String REFUSED_SINK = "refused-sink";

    static String source(String of) {
        return of + "-source";
    }

    static String listen(String of) {
        return of + "-listen";
    }

    private Uids() {}
}
