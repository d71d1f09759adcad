package org.hermesml.edge.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.hermesml.edge.NativeLibraries;
import org.hermesml.edge.TraceOption;
import org.hermesml.training.Engine;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.Engines;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.Models;
import org.hermesml.training.Samples;
import org.hermesml.training.data.Datasets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A model file on the test part of a data set; needs no broker. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Tests a model file on the test part of a data set; prints one line of JSON.")
public final class Evaluate implements Callable<Integer> {
    @Mixin private TraceOption trace;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "FILE",
            description = "A model's file.")
    private String model;

    @Option(
            names = "--dataset",
            required = true,
            paramLabel = "NAME|PATH",
            description =
                    "digits, mnist, fashion-mnist, cifar-10, a folder with the files of one, a .npz or a CSV file.")
    private String dataset;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where data sets are looked for.")
    private Path dataDir;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Of data that are made or split; default ${DEFAULT-VALUE}.")
    private long seed;

    @Mixin private TableArguments table;

    @Override
    public Integer call() {
        Samples test = Datasets.open(dataset, dataDir, seed, table.options()).test();
        NativeLibraries.prepare();
        // The learning rate is that of a built-in model that is made anew; nothing is trained here.
        ModelDefinition definition =
                Models.open(model, test.featureShape(), test.classCount(), 0.1, seed);
        try (Engine engine = Engines.open(definition, 1)) {
            Evaluation evaluation = engine.evaluate(test);
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("accuracy", evaluation.accuracy());
            answer.put("loss", evaluation.loss());
            answer.put("samples", evaluation.samples());
            System.out.println(Json.line(answer));
            return 0;
        }
    }
}
