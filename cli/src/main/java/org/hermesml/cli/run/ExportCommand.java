package org.hermesml.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.local.MasterOptions;
import org.hermesml.core.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hermes export RUN}: the best model of a run as a file, measured on the test part. */
@Command(
        name = "export",
        description =
                "Writes the best model of a run to a file of its format and measures it on the test part.")
public final class ExportCommand implements Callable<Integer> {
    @Mixin private MasterOptions master;

    @Parameters(paramLabel = "RUN", description = "Name of the run.")
    private String run;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder that takes the model (default: runs/RUN).")
    private Path out;

    @Option(
            names = "--version",
            paramLabel = "V",
            defaultValue = "-1",
            description = "A version of the model instead of the best.")
    private long version;

    @Override
    public Integer call() {
        KafkaSite site = new KafkaSite(master.master().bootstrap(), master.master().topics());
        HermesHome home = HermesHome.find();
        new RunDirectory(site).find(RunIds.checked(run));
        Path folder = out == null ? home.runs().resolve(run) : out;
        try (TaskFolder task = TaskFolder.create()) {
            EdgeProgram program = new EdgeProgram(home, task.path());
            Files.createDirectories(folder);
            Exported exported =
                    Exported.parse(
                            EdgeTask.start(program.export(site, run, folder, version)).await());
            task.succeeded();
            System.out.println(
                    "Version "
                            + exported.version()
                            + ": accuracy "
                            + Figures.percent(exported.accuracy())
                            + " on the test part, "
                            + Figures.percent(exported.heldOutAccuracy())
                            + " held-out; "
                            + String.join(", ", exported.files())
                            + " in "
                            + folder);
            return 0;
        } catch (IOException e) {
            throw new InputException(
                    "--out "
                            + folder
                            + " cannot be written ("
                            + e.getMessage()
                            + "); name another folder.",
                    e);
        }
    }
}
