package org.hermesml.cli.run;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.PrintStream;
import org.hermesml.core.message.RunEnd;

/** What a local run leaves in its folder and says at its end. */
final class LocalResult {
    private final LocalRunPlan plan;
    private final PrintStream out;
    private Summary written;
    private boolean told;

    LocalResult(LocalRunPlan plan, PrintStream out) {
        this.plan = plan;
        this.out = out;
    }

    /** Writes history and summary; the first result counts. */
    void write(RunView view, RunEnd end, Exported exported) {
        if (written != null) {
            return;
        }
        Summary summary =
                new Summary(
                        view,
                        plan.choice(),
                        plan.slowdowns().size(),
                        end,
                        exported,
                        System.currentTimeMillis());
        try {
            RunFiles.writeHistory(plan.out().resolve("history.csv"), view.history());
            RunFiles.writeJson(plan.out().resolve("summary.json"), summary.toJson());
        } catch (IOException e) {
            throw new RunFailure(
                    "The result of run "
                            + plan.run()
                            + " cannot be written to "
                            + plan.out()
                            + ": "
                            + e.getMessage()
                            + ".",
                    e);
        }
        written = summary;
    }

    /** Says for people what was written, once. */
    void tell() {
        if (told) {
            return;
        }
        told = true;
        written.lines().forEach(out::println);
        out.println(
                written.result().files().stream().map(file -> file + ", ").collect(joining())
                        + "summary.json, history.csv, settings.json and logs lie in "
                        + plan.out());
        out.flush();
    }
}
