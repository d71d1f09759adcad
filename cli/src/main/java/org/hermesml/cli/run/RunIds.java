package org.hermesml.cli.run;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.hermesml.core.InputException;

/**
 * Names of runs. They become parts of topic names, of keys and of folders, so little is allowed in
 * them.
 */
public final class RunIds {
    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9][a-z0-9-]{0,99}");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    /**
     * Such as {@code digits-hermes-20261122-201530}, with a number behind it where that is taken.
     *
     * @param dataset name or path
     */
    static String create(
            String dataset, String method, LocalDateTime now, Predicate<String> taken) {
        String id = plain(dataset) + "-" + plain(method) + "-" + TIME.format(now);
        String free = id;
        for (int i = 2; taken.test(free); i++) {
            free = id + "-" + i;
        }
        return free;
    }

    /**
     * @throws InputException when {@code id} is no name for a run
     */
    public static String checked(String id) {
        if (!ALLOWED.matcher(id).matches()) {
            throw new InputException(
                    "'"
                            + id
                            + "' is no name for a run; allowed are 1 to 100 small letters, digits and"
                            + " hyphens, not beginning with a hyphen.");
        }
        return id;
    }

    private static String plain(String nameOrPath) {
        Path last = Path.of(nameOrPath).getFileName();
        String text = (last == null ? "data" : last.toString()).toLowerCase(Locale.ROOT);
        String kept = text.replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        return kept.isEmpty() ? "data" : kept.substring(0, Math.min(30, kept.length()));
    }

    private RunIds() {}
}
