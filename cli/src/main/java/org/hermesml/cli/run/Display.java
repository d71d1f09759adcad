package org.hermesml.cli.run;

import java.io.PrintStream;
import java.util.List;

/**
 * Shows a run while it lasts: on a terminal one screen redrawn in place with events above it,
 * elsewhere one line every few seconds. Not safe for use by several threads.
 */
public final class Display {
    private static final long SCREEN_EVERY_MS = 500;
    private static final long LINE_EVERY_MS = 5000;

    private final PrintStream out;
    private final boolean terminal;
    private final int width;
    private int drawn;
    private long lastMs = Long.MIN_VALUE / 2;

    Display(PrintStream out, boolean terminal, int width) {
        this.out = out;
        this.terminal = terminal;
        this.width = width;
    }

    /**
     * For standard output. The launcher says by property {@code hermes.terminal} whether that is a
     * terminal; without it a console is taken for one.
     */
    public static Display ofStandardOutput() {
        String told = System.getProperty("hermes.terminal");
        boolean terminal = told == null ? System.console() != null : Boolean.parseBoolean(told);
        int width = 80;
        try {
            width = Integer.parseInt(System.getenv().getOrDefault("COLUMNS", "80"));
        } catch (NumberFormatException ignored) {
            // a shell's odd value is no reason to refuse a run: 80 columns are on every terminal
        }
        return new Display(System.out, terminal, Math.max(40, width));
    }

    /** A sentence that stays: printed above the screen. */
    public void event(String text) {
        erase();
        out.println(text);
        out.flush();
    }

    /** Shows what is new, at most as often as reads well. */
    public void show(RunView view, long nowMs) {
        for (String event : view.takeEvents()) {
            event(event);
        }
        if (nowMs - lastMs >= (terminal ? SCREEN_EVERY_MS : LINE_EVERY_MS)
                || terminal && drawn == 0) {
            draw(view, nowMs);
        }
    }

    /** Shows the last state, which stays. */
    public void last(RunView view, long nowMs) {
        view.takeEvents().forEach(this::event);
        draw(view, nowMs);
        drawn = 0;
    }

    private void draw(RunView view, long nowMs) {
        lastMs = nowMs;
        if (!terminal) {
            out.println(RunScreen.line(view, nowMs));
            out.flush();
            return;
        }
        erase();
        List<String> lines = RunScreen.lines(view, nowMs, width);
        lines.forEach(out::println);
        out.flush();
        drawn = lines.size();
    }

    private void erase() {
        if (drawn > 0) {
            // up to the first line of the screen, then clear to the end
            out.print("\033[" + drawn + "A\033[J");
            drawn = 0;
        }
    }
}
