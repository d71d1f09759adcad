package org.hermesml.simulator.report;

import org.hermesml.simulator.RunTrace.Kind;

/**
 * Colours that stay apart for colour-blind eyes (after Okabe and Ito) and on white paper, with
 * dashes where colours repeat.
 */
final class Palette {
    private static final String[] COLOURS = {
        "#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#777777"
    };
    private static final String[] DASHES = {"none", "6 3", "2 2", "8 3 2 3"};

    /** Of the i-th line of a chart. */
    static String line(int i) {
        return "stroke:"
                + COLOURS[i % COLOURS.length]
                + ";stroke-width:1.6;stroke-dasharray:"
                + DASHES[i / COLOURS.length % DASHES.length];
    }

    /** Of what a device does; also apart in grey. */
    static String fill(Kind kind) {
        return "fill:"
                + switch (kind) {
                    case TRAINING -> "#0072B2";
                    case EVALUATING -> "#56B4E9";
                    case WAITING -> "#E8E8E8";
                    case TRANSFERRING -> "#D55E00";
                    case AWAY -> "#FFFFFF;stroke:#000000;stroke-width:0.5;stroke-dasharray:2 2";
                };
    }

    private Palette() {}
}
