package org.hermesml.edge;

import picocli.CommandLine.Option;

/** Read by {@link Failures}. */
public final class TraceOption {
    static final String NAME = "--stacktrace";

    @Option(names = NAME, description = "Print where an error came from.")
    boolean stacktrace;
}
