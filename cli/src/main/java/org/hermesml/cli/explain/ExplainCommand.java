package org.hermesml.cli.explain;

import java.util.Map;
import org.hermesml.core.settings.Settings;
import picocli.CommandLine.Command;

/** {@code hermes explain}: what the rules would decide on figures at hand. */
@Command(
        name = "explain",
        description = {
            "Show what the rules decide on losses or times at hand.",
            "Where nothing else is set, the window of the gate is as in the paper: ten losses, emptied by each push;"
                    + " and times are fitted to their median."
        },
        subcommands = {ExplainGate.class, ExplainAllocation.class})
public final class ExplainCommand {
    /**
     * A curve of losses says nothing of the models that were pulled, and a table of times nothing
     * of rounds: what the defaults make of these would not be understood from them.
     */
    static final Map<String, String> AS_IN_THE_PAPER =
            Map.of(
                    Settings.WINDOW_RESET.key(), "true",
                    Settings.WINDOW_SIZE.key(), "10",
                    Settings.ALLOCATION_TARGET.key(), "0.5");
}
