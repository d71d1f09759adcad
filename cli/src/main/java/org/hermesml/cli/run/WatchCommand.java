package org.hermesml.cli.run;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.hermesml.cli.local.MasterOptions;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code hermes watch RUN}: shows a run until it ends; ending this ends no run. */
@Command(
        name = "watch",
        description = "Shows a run while it lasts. Ctrl-C ends the watching, not the run.")
public final class WatchCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(200);

    @Mixin private MasterOptions master;

    @Parameters(paramLabel = "RUN", description = "Name of the run.")
    private String run;

    @Override
    public Integer call() {
        KafkaSite site = new KafkaSite(master.master().bootstrap(), master.master().topics());
        RunRecord record = new RunDirectory(site).find(RunIds.checked(run));
        Display display = Display.ofStandardOutput();
        RunView view = new RunView(run);
        try (RunReader reader = new RunReader(site, run, record.getSpec().getCreatedMs())) {
            reader.readToEnd().forEach(view::feed);
            if (record.getPhase() != RunPhase.ENDED) {
                while (!view.finished()) {
                    display.show(view, System.currentTimeMillis());
                    reader.poll(POLL).forEach(view::feed);
                }
            }
        }
        display.last(view, System.currentTimeMillis());
        view.end()
                .ifPresent(
                        end ->
                                System.out.println(
                                        "Run "
                                                + run
                                                + " ended ("
                                                + Summary.reached(end)
                                                + "): "
                                                + end.getText()));
        return 0;
    }
}
