package org.hermesml.cli.run;

import java.util.Comparator;

/** Orders names as people do: {@code worker-2} before {@code worker-10}. */
final class NaturalOrder implements Comparator<String> {
    static final NaturalOrder INSTANCE = new NaturalOrder();

    @Override
    public int compare(String a, String b) {
        int digitsOfA = trailingDigits(a);
        int digitsOfB = trailingDigits(b);
        int byStem =
                a.substring(0, a.length() - digitsOfA)
                        .compareTo(b.substring(0, b.length() - digitsOfB));
        if (byStem != 0) {
            return byStem;
        }
        int byNumber = Integer.compare(digitsOfA, digitsOfB);
        return byNumber != 0 ? byNumber : a.compareTo(b);
    }

    private static int trailingDigits(String name) {
        int count = 0;
        while (count < name.length() && Character.isDigit(name.charAt(name.length() - 1 - count))) {
            count++;
        }
        return count;
    }

    private NaturalOrder() {}
}
