package org.hermesml.edge;

import org.hermesml.core.wire.Topics;
import org.hermesml.edge.kafka.Connection;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the broker is. Public fields: filled by picocli. */
public final class BrokerOptions {
    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    // Not `required`: that would ask for it in front of a subcommand as well.
    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "A Kafka broker; the only address this process connects to first.")
    String bootstrap;

    @Option(
            names = "--topic-prefix",
            defaultValue = Topics.DEFAULT_PREFIX,
            description = "Of all topics; default ${DEFAULT-VALUE}")
    String prefix;

    public Connection connection() {
        if (bootstrap == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Missing --bootstrap HOST:PORT: the address of a Kafka broker.");
        }
        return new Connection(bootstrap, new Topics(prefix));
    }
}
