package org.hermesml.cli.install;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.local.LocalBroker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hermes broker}: a Kafka broker in the foreground. */
@Command(
        name = "broker",
        description = "Runs a Kafka broker until Ctrl-C; what it holds stays in its folder.")
public final class BrokerCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--port",
            defaultValue = "9092",
            description = "Where it listens (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            defaultValue = "localhost",
            description = {
                "Name or address by which devices reach this machine (default: ${DEFAULT-VALUE}, this machine only).",
                "Any other opens the port to the network, without passwords or encryption."
            })
    private String host;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Folder of its data and log (default: .hermes/broker of the installation).")
    private Path dir;

    @Override
    public Integer call() throws Exception {
        Path folder = dir == null ? HermesHome.find().state().resolve("broker") : dir;
        try (LocalBroker broker = LocalBroker.start(folder, host, port)) {
            broker.awaitReady();
            spec.commandLine()
                    .getOut()
                    .println(
                            "Kafka broker at "
                                    + broker.bootstrap()
                                    + ", data and log in "
                                    + folder);
            spec.commandLine().getOut().println("Ctrl-C ends it.");
            spec.commandLine().getOut().flush();
            int code = broker.onExit().get();
            throw new IllegalStateException(
                    "The Kafka broker ended with code "
                            + code
                            + "; the end of "
                            + broker.process().log()
                            + ":\n"
                            + broker.process().lastLines(8));
        }
    }
}
