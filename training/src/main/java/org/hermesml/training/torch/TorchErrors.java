package org.hermesml.training.torch;

import java.util.List;

/** What torch says: a traceback of many lines whose last one tells what is wrong. */
final class TorchErrors {
    private static final int LONGEST = 300;

    /** The telling line, without its end. */
    static String reason(Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        List<String> lines =
                message.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        String told =
                lines.stream()
                        .filter(line -> line.matches("[A-Za-z.]*(Error|Exception): .*"))
                        .reduce((first, last) -> last)
                        .orElse(lines.isEmpty() ? "no reason given" : lines.get(0));
        String line = told.replaceFirst("^[A-Za-z.]*(Error|Exception): ", "");
        line = line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }

    private TorchErrors() {}
}
