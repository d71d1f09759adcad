package org.hermesml.cli.run;

import java.util.Locale;

/** Numbers as people read them. Where there is none, a dash. */
final class Figures {
    static final String NONE = "-";

    static String decimal(double value, int places) {
        return Double.isFinite(value)
                ? String.format(Locale.ROOT, "%." + places + "f", value)
                : NONE;
    }

    /**
     * @param fraction 0 to 1
     */
    static String percent(double fraction) {
        return Double.isFinite(fraction)
                ? String.format(Locale.ROOT, "%.2f%%", 100 * fraction)
                : NONE;
    }

    /** Decimal units: 1 MB is 1,000,000 bytes. */
    static String bytes(long count) {
        if (count < 1000) {
            return count + " B";
        }
        double value = count;
        for (String unit : new String[] {"kB", "MB", "GB"}) {
            value /= 1000;
            if (value < 999.95) {
                return String.format(Locale.ROOT, "%.1f %s", value, unit);
            }
        }
        return String.format(Locale.ROOT, "%.1f TB", value / 1000);
    }

    /** {@code 42 s}, {@code 3 m 07 s}, {@code 2 h 05 m}. */
    static String duration(double seconds) {
        long s = Math.round(seconds);
        if (s < 60) {
            return s + " s";
        }
        return s < 3600
                ? String.format(Locale.ROOT, "%d m %02d s", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d h %02d m", s / 3600, s / 60 % 60);
    }

    private Figures() {}
}
