package org.hermesml.cli.install;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.local.KeptBroker;
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
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (KeptBroker broker = KeptBroker.start(folder, host, port, words -> say(err, words))) {
            say(out, "Kafka broker at " + broker.bootstrap() + ", data and log in " + folder);
            say(out, "Ctrl-C ends it; if it ends otherwise, it is started again.");
            String log = broker.hopeless().get();
            throw new IllegalStateException(
                    "The Kafka broker keeps ending; the end of "
                            + broker.process().log()
                            + ":\n"
                            + log);
        }
    }

    private static void say(PrintWriter to, String words) {
        to.println(words);
        to.flush();
    }
}
