package org.hermesml.training.data.table;

/** Decimal numbers as tables hold them; nothing else that Java takes for a number. */
final class Numbers {
    private static final String ALLOWED = "0123456789+-.eE";

    static boolean isOne(String cell) {
        return !Double.isNaN(parse(cell));
    }

    /** NaN where it is none, or one beyond a float. */
    static double parse(String cell) {
        for (int i = 0; i < cell.length(); i++) {
            if (ALLOWED.indexOf(cell.charAt(i)) < 0) {
                return Double.NaN;
            }
        }
        try {
            double value = Double.parseDouble(cell);
            return Float.isFinite((float) value) ? value : Double.NaN;
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private Numbers() {}
}
