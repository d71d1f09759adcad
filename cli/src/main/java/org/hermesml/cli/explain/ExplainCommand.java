package org.hermesml.cli.explain;

import picocli.CommandLine.Command;

/** {@code hermes explain}: what the rules would decide on figures at hand. */
@Command(
        name = "explain",
        description = "Show what the rules decide on losses or times at hand.",
        subcommands = {ExplainGate.class, ExplainAllocation.class})
public final class ExplainCommand {}
