package org.hermesml.core;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Which known name somebody may have meant. */
public final class NearestName {
    /** The one that the fewest typed characters turn into; the first by name of several. */
    public static String of(String word, Collection<String> known) {
        return known.stream()
                .min(
                        Comparator.comparingInt((String name) -> edits(word, name))
                                .thenComparing(name -> name))
                .orElseThrow();
    }

    /** The same, but empty when nothing comes near. */
    public static Optional<String> near(String word, Collection<String> known) {
        return known.isEmpty()
                ? Optional.empty()
                : Optional.of(of(word, known))
                        .filter(name -> edits(word, name) <= Math.max(2, word.length() / 3));
    }

    /** Levenshtein distance; two neighbours exchanged count as two. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private NearestName() {}
}
