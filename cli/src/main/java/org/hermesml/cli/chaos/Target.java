package org.hermesml.cli.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.hermesml.core.InputException;

/** What may be killed. */
enum Target {
    TASKMANAGER,
    JOBMANAGER,
    BROKER,
    WORKER,
    EVALUATOR;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param words separated by commas
     * @throws InputException naming the word that is none
     */
    static List<Target> parse(String words) {
        List<Target> targets = new ArrayList<>();
        for (String word : words.split(",", -1)) {
            Target found =
                    Arrays.stream(values())
                            .filter(target -> target.word().equals(word.strip()))
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            new InputException(
                                                    "--targets '"
                                                            + word
                                                            + "' is not known; allowed, separated by commas: "
                                                            + all()
                                                            + "."));
            if (!targets.contains(found)) {
                targets.add(found);
            }
        }
        return targets;
    }

    static String all() {
        return Arrays.stream(values()).map(Target::word).collect(Collectors.joining(","));
    }
}
