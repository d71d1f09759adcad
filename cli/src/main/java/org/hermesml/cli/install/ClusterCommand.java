package org.hermesml.cli.install;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.hermesml.cli.local.Counts;
import org.hermesml.cli.local.FlinkCluster;
import org.hermesml.cli.local.FlinkRest;
import org.hermesml.cli.local.HermesHome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code hermes cluster}: a Flink cluster of processes on this machine. */
@Command(
        name = "cluster",
        description = "Starts, stops or shows a Flink cluster of processes on this machine.",
        synopsisSubcommandLabel = "(start | stop | status)")
public final class ClusterCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say which: start, stop or status");
    }

    @Command(
            name = "start",
            description =
                    "Starts JobManager and TaskManagers, and returns when they can take a job.")
    int start(
            @Option(
                            names = "--dir",
                            paramLabel = "DIR",
                            description =
                                    "Folder of logs and checkpoints (default: .hermes/cluster of the installation).")
                    Path dir,
            @Option(
                            names = "--taskmanagers",
                            paramLabel = "N",
                            defaultValue = "1",
                            description = "How many TaskManagers (default: ${DEFAULT-VALUE}).")
                    int taskManagers,
            @Option(
                            names = "--standby",
                            paramLabel = "N",
                            defaultValue = "1",
                            description =
                                    "TaskManagers more than that, whose slots take the job over when another dies (default:"
                                            + " ${DEFAULT-VALUE}).")
                    int standby,
            @Option(
                            names = "--slots",
                            paramLabel = "N",
                            defaultValue = "4",
                            description = "Slots of each TaskManager (default: ${DEFAULT-VALUE}).")
                    int slots,
            @Option(
                            names = "--rest-port",
                            paramLabel = "PORT",
                            defaultValue = "8081",
                            description =
                                    "Of REST interface and web UI (default: ${DEFAULT-VALUE}).")
                    int restPort) {
        Counts.require("--taskmanagers", taskManagers, 1, 64);
        Counts.require("--standby", standby, 0, 64);
        Counts.require("--slots", slots, 1, 64);
        FlinkCluster cluster = cluster(dir);
        FlinkRest rest = cluster.start(restPort, taskManagers + standby, slots);
        out().println(
                        "Flink cluster at "
                                + rest.address()
                                + " with "
                                + taskManagers * slots
                                + " slots"
                                + (standby == 0 ? "" : ", " + standby * slots + " more on standby")
                                + ", logs in "
                                + cluster.dir().resolve("log"));
        print(cluster.members());
        return 0;
    }

    @Command(name = "stop", description = "Ends every process of the cluster; checkpoints stay.")
    int stop(
            @Option(
                            names = "--dir",
                            paramLabel = "DIR",
                            description = "Folder that start was given.")
                    Path dir) {
        FlinkCluster cluster = cluster(dir);
        List<FlinkCluster.Member> ran = cluster.stop();
        if (ran.isEmpty()) {
            out().println("No cluster runs in " + cluster.dir() + ".");
            return 0;
        }
        out().println("Ended:");
        print(ran);
        return 0;
    }

    @Command(
            name = "status",
            description = "Shows which processes run; exit code 1 when none does.")
    int status(
            @Option(
                            names = "--dir",
                            paramLabel = "DIR",
                            description = "Folder that start was given.")
                    Path dir) {
        FlinkCluster cluster = cluster(dir);
        List<FlinkCluster.Member> members = cluster.members();
        if (members.isEmpty()) {
            out().println("No cluster runs in " + cluster.dir() + ".");
            return 1;
        }
        print(members);
        return 0;
    }

    private static FlinkCluster cluster(Path dir) {
        HermesHome home = HermesHome.find();
        return new FlinkCluster(home, dir == null ? home.state().resolve("cluster") : dir);
    }

    private void print(List<FlinkCluster.Member> members) {
        members.forEach(m -> out().printf("  %-16s process %d%n", m.name(), m.pid()));
        out().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
