package org.hermesml.cli.run;

import org.hermesml.core.TableOptions;
import picocli.CommandLine.Option;

/**
 * How a CSV file is read: the options that every command that opens one shares; a picocli mixin.
 */
final class TableArguments {
    @Option(
            names = "--label-column",
            paramLabel = "NAME|NUMBER",
            description = "CSV: the column of classes, numbers from 1 (default: the last).")
    private String labelColumn;

    @Option(
            names = "--header",
            paramLabel = "yes|no",
            description = "CSV: whether the first row holds names (default: seen from that row).")
    private String header;

    @Option(
            names = "--missing",
            paramLabel = "WORD,WORD,...",
            description =
                    "CSV: what stands for an absent value besides nothing (default: ?,NA,NaN).")
    private String missing;

    @Option(
            names = "--ignore-columns",
            paramLabel = "NAME,NAME,...",
            description =
                    "CSV: columns that are no features, such as numbers of rows or of persons.")
    private String ignored;

    @Option(
            names = "--test-fraction",
            paramLabel = "F",
            description = "CSV: part of the rows that only the final test sees (default: 0.2).")
    private String testFraction;

    /**
     * @throws org.hermesml.core.InputException naming the option that is wrong
     */
    TableOptions options() {
        return TableOptions.parse(labelColumn, header, missing, ignored, testFraction);
    }
}
