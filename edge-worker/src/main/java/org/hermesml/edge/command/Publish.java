package org.hermesml.edge.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.hermesml.core.InputException;
import org.hermesml.core.message.TableColumn;
import org.hermesml.core.message.TableForm;
import org.hermesml.core.message.WorkerSelection;
import org.hermesml.core.method.Methods;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.wire.Topics;
import org.hermesml.edge.BrokerOptions;
import org.hermesml.edge.NativeLibraries;
import org.hermesml.edge.TraceOption;
import org.hermesml.edge.kafka.Connection;
import org.hermesml.edge.kafka.RecordSender;
import org.hermesml.training.Engines;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.Models;
import org.hermesml.training.Samples;
import org.hermesml.training.data.Dataset;
import org.hermesml.training.data.Datasets;
import org.hermesml.training.data.HeldOut;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts a run whose topics are there. */
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description =
                "Writes data, model, first weights and specification of a run to Kafka; prints one line of JSON.")
public final class Publish implements Callable<Integer> {
    @Mixin private BrokerOptions broker;

    @Mixin private TraceOption trace;

    @Option(
            names = "--run",
            required = true,
            paramLabel = "ID",
            description = "Name of the run: a-z, 0-9 and '-'.")
    private String run;

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
            names = "--model",
            required = true,
            paramLabel = "NAME|PATH",
            description = "mlp, cnn, alexnet, or a model's file.")
    private String model;

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description = "All settings of the run as a flat JSON object.")
    private Path settingsFile;

    @Option(
            names = "--worker",
            paramLabel = "NAME",
            description = "A worker that may take part; repeatable. None and no label: any.")
    private List<String> workers = new ArrayList<>();

    @Option(
            names = "--label",
            defaultValue = "",
            description = "Workers with this label may take part.")
    private String label;

    @Mixin private TableArguments table;

    @Option(
            names = "--loss",
            paramLabel = "LOSS",
            description = "Of a Keras file, in place of its own, such as categorical_crossentropy.")
    private String loss;

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            description = "Of the model, in place of the one in its file.")
    private Double learningRate;

    @Override
    public Integer call() {
        if (!run.matches("[a-z0-9-]{1,100}")) {
            throw new InputException(
                    "--run '" + run + "' is not allowed: up to 100 of a-z, 0-9 and '-'.");
        }
        Settings settings =
                Settings.of(settingsFile == null ? Map.of() : Json.settings(settingsFile));
        Methods.of(settings);
        Connection connection = broker.connection();
        connection.require(topics(connection.topics()));

        long seed = settings.get(Settings.SEED);
        NativeLibraries.prepare();
        Dataset data = Datasets.open(dataset, dataDir, seed, table.options());
        Samples train = data.train();
        ModelDefinition definition =
                Models.open(
                        model,
                        train.featureShape(),
                        train.classCount(),
                        settings.get(Settings.LEARNING_RATE),
                        seed,
                        new Models.Wishes(
                                Optional.ofNullable(loss),
                                Optional.ofNullable(learningRate),
                                settings.get(Settings.ENGINE)));
        if (learningRate != null && definition.format().equals(Engines.TORCHSCRIPT)) {
            // such a file has no rate that could be replaced: it trains at that of the run
            settings = settings.with(Settings.LEARNING_RATE, learningRate);
        }
        HeldOut.Cut cut = HeldOut.cut(train, settings);
        WorkerSelection selection =
                WorkerSelection.newBuilder().addAllNames(workers).setLabel(label).build();
        try (RecordSender sender = new RecordSender(connection.producer())) {
            RunPublisher publisher = new RunPublisher(run, settings, connection.topics(), sender);
            publisher.publish(
                    data.name(), model, definition, cut, data.test(), selection, data.table());
            print(publisher, cut, data);
        }
        return 0;
    }

    private List<String> topics(Topics topics) {
        List<String> needed = new ArrayList<>(List.of(topics.runs(), topics.updates()));
        topics.ofRun(run).forEach(t -> needed.add(t.name()));
        return needed;
    }

    private void print(RunPublisher publisher, HeldOut.Cut cut, Dataset data) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("run", run);
        answer.put("parameters", publisher.parameterCount());
        answer.put("training", cut.training().count());
        answer.put("heldOut", cut.heldOut().count());
        answer.put("test", data.test().count());
        answer.put("blocks", publisher.trainingBlocks());
        data.table().ifPresent(form -> answer.put("table", described(form)));
        System.out.println(Json.line(answer));
    }

    /** What whoever uses the trained model has to do to a row. */
    private static Map<String, Object> described(TableForm form) {
        List<Object> columns = new ArrayList<>();
        for (TableColumn column : form.getColumnsList()) {
            Map<String, Object> described = new LinkedHashMap<>();
            described.put("name", column.getName());
            if (column.getCategoriesCount() > 0) {
                described.put("categories", List.copyOf(column.getCategoriesList()));
            } else {
                described.put("mean", column.getMean());
                described.put("deviation", column.getDeviation());
            }
            columns.add(described);
        }
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("labelColumn", form.getLabelColumn());
        table.put("classes", List.copyOf(form.getClassNamesList()));
        table.put("missing", List.copyOf(form.getMissingList()));
        table.put("columns", columns);
        return table;
    }
}
