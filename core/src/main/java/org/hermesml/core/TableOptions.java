package org.hermesml.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How a table (a CSV file) is read as a data set: what its options say.
 *
 * @param labelColumn name of the column of classes, or its number from 1; empty: the last one
 * @param header whether the first row holds names; empty: seen from that row
 * @param missing cells that stand for an absent value, besides empty ones; in any case of letters
 * @param ignored columns that are no features, by name or number
 * @param testFraction part of the rows of each class that only the final report sees
 */
public record TableOptions(
        String labelColumn,
        Optional<Boolean> header,
        List<String> missing,
        List<String> ignored,
        double testFraction) {
    public static final TableOptions DEFAULT =
            new TableOptions("", Optional.empty(), List.of("?", "NA", "NaN"), List.of(), 0.2);

    public TableOptions {
        missing = List.copyOf(missing);
        ignored = List.copyOf(ignored);
    }

    /**
     * From the texts of the options of the same names; null where one is not given.
     *
     * @throws InputException naming the option that is wrong
     */
    public static TableOptions parse(
            String labelColumn,
            String header,
            String missing,
            String ignoreColumns,
            String testFraction) {
        return new TableOptions(
                labelColumn == null ? DEFAULT.labelColumn : labelColumn.strip(),
                header == null ? DEFAULT.header : Optional.of(isHeader(header)),
                missing == null ? DEFAULT.missing : words(missing),
                ignoreColumns == null ? DEFAULT.ignored : words(ignoreColumns),
                testFraction == null ? DEFAULT.testFraction : fraction(testFraction));
    }

    /** The options to say for another program to read a table likewise. */
    public List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (!labelColumn.isEmpty()) {
            arguments.addAll(List.of("--label-column", labelColumn));
        }
        header.ifPresent(is -> arguments.addAll(List.of("--header", is ? "yes" : "no")));
        if (!missing.equals(DEFAULT.missing)) {
            arguments.addAll(List.of("--missing", String.join(",", missing)));
        }
        if (!ignored.isEmpty()) {
            arguments.addAll(List.of("--ignore-columns", String.join(",", ignored)));
        }
        if (testFraction != DEFAULT.testFraction) {
            arguments.addAll(List.of("--test-fraction", Double.toString(testFraction)));
        }
        return arguments;
    }

    /** Whether a cell, without the blanks around it, holds no value. */
    public static boolean isMissing(String cell, List<String> missing) {
        return cell.isEmpty() || missing.stream().anyMatch(cell::equalsIgnoreCase);
    }

    private static boolean isHeader(String text) {
        return switch (text) {
            case "yes" -> true;
            case "no" -> false;
            default ->
                    throw new InputException(
                            "--header "
                                    + text
                                    + " is not allowed: yes or no, and without it the first row shows it.");
        };
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split(",")).map(String::strip).filter(w -> !w.isEmpty()).toList();
    }

    private static double fraction(String text) {
        try {
            double fraction = Double.parseDouble(text);
            if (fraction > 0 && fraction < 1) {
                return fraction;
            }
        } catch (NumberFormatException e) {
            // refused below, together with what is out of range
        }
        throw new InputException(
                "--test-fraction "
                        + text
                        + " is not allowed: a number between 0 and 1, such as 0.2.");
    }
}
