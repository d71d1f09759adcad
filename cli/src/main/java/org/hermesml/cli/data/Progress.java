package org.hermesml.cli.data;

import java.io.PrintStream;
import java.util.Locale;

/** How far a download has got: one line that grows on a terminal, else a line for each tenth. */
final class Progress {
    private static final long REDRAW_BYTES = 1 << 19;

    private final PrintStream out;
    private final boolean terminal;
    private String name = "";
    private long shown;
    private long next;

    Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    static Progress ofStandardOutput() {
        return new Progress(
                System.out, Boolean.parseBoolean(System.getProperty("hermes.terminal")));
    }

    void begin(String file) {
        name = file;
        shown = 0;
        next = 0;
    }

    /**
     * @param total -1 where the server does not say
     */
    void at(long done, long total) {
        long step = terminal || total <= 0 ? REDRAW_BYTES : Math.max(1, total / 10);
        boolean whole = done == total;
        if (done < next && !whole || done == shown) {
            return;
        }
        shown = done;
        next = done - done % step + step;
        String line =
                name
                        + "  "
                        + megabytes(done)
                        + (total > 0 ? " of " + megabytes(total) : "")
                        + " MB"
                        + (total > 0 ? "  " + 100 * done / total + "%" : "");
        if (!terminal) {
            out.println(line);
        } else {
            out.print("\r" + line + (whole ? "\n" : ""));
        }
        out.flush();
    }

    /** A sentence that stays. */
    void event(String text) {
        out.println((terminal && shown > 0 ? "\n" : "") + text);
        out.flush();
        shown = 0;
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / 1e6);
    }
}
