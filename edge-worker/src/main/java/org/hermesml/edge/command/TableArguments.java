package org.hermesml.edge.command;

import org.hermesml.core.TableOptions;
import picocli.CommandLine.Option;

/** How a CSV file is read; a picocli mixin. */
final class TableArguments {
    @Option(names = "--label-column", paramLabel = "NAME|NUMBER", description = "CSV: the classes.")
    private String labelColumn;

    @Option(names = "--header", paramLabel = "yes|no", description = "CSV: first row of names.")
    private String header;

    @Option(names = "--missing", paramLabel = "WORD,...", description = "CSV: absent values.")
    private String missing;

    @Option(names = "--ignore-columns", paramLabel = "NAME,...", description = "CSV: no features.")
    private String ignored;

    @Option(names = "--test-fraction", paramLabel = "F", description = "CSV: rows for the test.")
    private String testFraction;

    /**
     * @throws org.hermesml.core.InputException naming the option that is wrong
     */
    TableOptions options() {
        return TableOptions.parse(labelColumn, header, missing, ignored, testFraction);
    }
}
