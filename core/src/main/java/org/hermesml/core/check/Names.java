package org.hermesml.core.check;

import java.util.regex.Pattern;

/** Which names runs and workers may have: they become keys, topics and names of metrics. */
public final class Names {
    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern WORKER = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    public static boolean isRun(String name) {
        return RUN.matcher(name).matches();
    }

    /** Of a worker or an evaluator. */
    public static boolean isWorker(String name) {
        return WORKER.matcher(name).matches();
    }

    private Names() {}
}
