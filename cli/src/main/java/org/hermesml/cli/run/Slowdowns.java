package org.hermesml.cli.run;

import java.util.ArrayList;
import java.util.List;
import org.hermesml.core.InputException;

/** By what factor each worker of a local run is slowed, to stand for unequal devices. */
final class Slowdowns {
    private static final double MAX = 1000;

    /**
     * @param text factors separated by commas; the last one holds for all further workers
     * @return one factor for each worker
     * @throws InputException when there are more factors than workers, or one is out of range
     */
    static List<Double> parse(String text, int workers) {
        List<Double> factors = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            factors.add(factor(part.trim(), text));
        }
        if (factors.size() > workers) {
            throw new InputException(
                    "--slowdown "
                            + text
                            + " names "
                            + factors.size()
                            + " factors for "
                            + workers
                            + (workers == 1 ? " worker" : " workers")
                            + "; name at most one for each worker.");
        }
        while (factors.size() < workers) {
            factors.add(factors.get(factors.size() - 1));
        }
        return List.copyOf(factors);
    }

    private static double factor(String part, String text) {
        try {
            double factor = Double.parseDouble(part);
            if (factor >= 1 && factor <= MAX) {
                return factor;
            }
        } catch (NumberFormatException e) {
            // refused below, together with what is out of range
        }
        throw new InputException(
                "--slowdown "
                        + text
                        + ": '"
                        + part
                        + "' is no factor; allowed are numbers from 1 to 1000, separated by commas, such as 1,1,2,4.");
    }

    private Slowdowns() {}
}
