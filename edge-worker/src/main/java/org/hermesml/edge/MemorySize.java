package org.hermesml.edge;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hermesml.core.InputException;

/** Sizes as people write them: {@code 64m}, {@code 500k}, {@code 2g}. */
final class MemorySize {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})([kmg]?)b?");

    /** Bytes. */
    static long parse(String option, String text) {
        Matcher m = FORM.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (!m.matches()) {
            throw new InputException(
                    option
                            + " '"
                            + text
                            + "' is no size; write a number with k, m or g, such as 64m.");
        }
        int shift =
                switch (m.group(2)) {
                    case "k" -> 10;
                    case "m" -> 20;
                    case "g" -> 30;
                    default -> 0;
                };
        return Long.parseLong(m.group(1)) << shift;
    }

    private MemorySize() {}
}
