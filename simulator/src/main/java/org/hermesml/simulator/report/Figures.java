package org.hermesml.simulator.report;

import java.util.Locale;

/** Numbers as people read them. Where there is none, a dash. */
final class Figures {
    static final String NONE = "-";

    static String decimal(double value, int places) {
        return Double.isFinite(value)
                ? String.format(Locale.ROOT, "%." + places + "f", value)
                : NONE;
    }

    /** Three digits that count: {@code 0.0123}, {@code 4.56}, {@code 1234}. */
    static String threeDigits(double value) {
        if (!Double.isFinite(value)) {
            return NONE;
        }
        if (value == 0) {
            return "0";
        }
        int places = Math.max(0, 2 - (int) Math.floor(Math.log10(Math.abs(value))));
        return String.format(Locale.ROOT, "%." + Math.min(places, 9) + "f", value);
    }

    static String count(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%,.0f", value) : NONE;
    }

    static String percent(double fraction, int places) {
        return Double.isFinite(fraction) ? decimal(100 * fraction, places) + "%" : NONE;
    }

    /** Decimal units: 1 MB is 1,000,000 bytes. */
    static String bytes(double count) {
        double value = count;
        for (String unit : new String[] {"B", "kB", "MB", "GB"}) {
            if (value < 999.5) {
                return threeDigits(value) + " " + unit;
            }
            value /= 1000;
        }
        return threeDigits(value) + " TB";
    }

    /** {@code 4.56 s}, {@code 12 min}, {@code 6 h}. */
    static String seconds(double seconds) {
        if (!Double.isFinite(seconds)) {
            return NONE;
        }
        if (seconds < 1000) {
            return threeDigits(seconds) + " s";
        }
        return seconds < 7200
                ? threeDigits(seconds / 60) + " min"
                : threeDigits(seconds / 3600).replaceFirst("\\.?0+$", "") + " h";
    }

    /** Without the zeros behind a point that a table has and an axis need not: {@code 5 s}. */
    static String round(String figure) {
        return figure.replaceFirst("(\\.\\d*?)0+(\\D|$)", "$1$2").replaceFirst("\\.(\\D|$)", "$1");
    }

    private Figures() {}
}
