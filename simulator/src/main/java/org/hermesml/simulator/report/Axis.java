package org.hermesml.simulator.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a value stands between two ends of a drawing.
 *
 * @param from the least value; above 0 where {@code log}
 * @param to above {@code from}
 * @param start pixel of {@code from}
 * @param end pixel of {@code to}; may be less than {@code start}
 */
record Axis(double from, double to, double start, double end, boolean log) {
    private static final int TICKS = 8;

    double at(double value) {
        double clamped = Math.max(from, Math.min(to, value));
        double part =
                log
                        ? Math.log(clamped / from) / Math.log(to / from)
                        : (clamped - from) / (to - from);
        return start + part * (end - start);
    }

    /** Round values between the ends, ascending. */
    List<Double> ticks() {
        return log ? powers() : steps();
    }

    private List<Double> steps() {
        double rough = (to - from) / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power;
        for (double factor : new double[] {2, 5, 10}) {
            if (step < rough) {
                step = factor * power;
            }
        }
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    private List<Double> powers() {
        int low = (int) Math.floor(Math.log10(from));
        int high = (int) Math.ceil(Math.log10(to));
        int[] digits = high - low <= 3 ? new int[] {1, 2, 5} : new int[] {1};
        List<Double> ticks = new ArrayList<>();
        for (int power = low; power <= high; power++) {
            for (int digit : digits) {
                double tick = digit * Math.pow(10, power);
                if (tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9)) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }
}
