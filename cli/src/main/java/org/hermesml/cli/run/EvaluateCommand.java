package org.hermesml.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.core.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hermes evaluate MODEL}: accuracy of a model file on the test part of a data set. */
@Command(name = "evaluate", description = "Measures a model file on the test part of a data set.")
public final class EvaluateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = "A model's file: DL4J zip, Keras .h5.")
    private Path model;

    @Option(
            names = "--dataset",
            paramLabel = "NAME|PATH",
            required = true,
            description =
                    "digits, mnist, fashion-mnist, cifar-10, a folder with the files of one, a .npz or a CSV file.")
    private String dataset;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Folder in which a named data set lies.")
    private Path dataDir;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description =
                    "Of a data set that is made, such as digits, or of the split of a CSV file (default: 1).")
    private String seed;

    @Mixin private TableArguments table;

    @Override
    public Integer call() {
        if (!Files.isRegularFile(model)) {
            throw new InputException(
                    "There is no model file "
                            + model
                            + "; name the one of a run, such as runs/RUN/model.zip.");
        }
        try (TaskFolder task = TaskFolder.create()) {
            EdgeProgram program = new EdgeProgram(HermesHome.find(), task.path());
            JsonNode json =
                    new ObjectMapper()
                            .readTree(
                                    EdgeTask.start(
                                                    program.evaluate(
                                                            model,
                                                            dataset,
                                                            dataDir,
                                                            seed,
                                                            table.options()))
                                            .await());
            task.succeeded();
            System.out.println(
                    "accuracy "
                            + Figures.percent(json.required("accuracy").asDouble())
                            + "   loss "
                            + Figures.decimal(json.required("loss").asDouble(), 4)
                            + "   on "
                            + json.required("samples").asLong()
                            + " test samples of "
                            + dataset);
            return 0;
        } catch (IOException e) {
            throw new RunFailure("The evaluation could not be run: " + e.getMessage() + ".", e);
        }
    }
}
