package org.hermesml.edge.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.hermesml.core.InputException;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.settings.Settings;
import org.hermesml.edge.BrokerOptions;
import org.hermesml.edge.NativeLibraries;
import org.hermesml.edge.RunData;
import org.hermesml.edge.RunEngine;
import org.hermesml.edge.StopSignal;
import org.hermesml.edge.TraceOption;
import org.hermesml.edge.kafka.Connection;
import org.hermesml.edge.kafka.RecordFetcher;
import org.hermesml.training.Engine;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.EngineTerms;
import org.hermesml.training.ModelDefinition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The result of a run as a file, with what it achieves on the test part, which nothing else has
 * seen.
 */
@Command(
        name = "export",
        description =
                "Writes the best model of a run, or a chosen version, to DIR and tests it; prints one line of JSON.")
public final class Export implements Callable<Integer> {
    @Mixin private BrokerOptions broker;

    @Mixin private TraceOption trace;

    @Option(names = "--run", required = true, paramLabel = "ID", description = "The run.")
    private String run;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder to write to; made when absent.")
    private Path out;

    // No mixinStandardHelpOptions here: `--version` is the model's.
    @Option(
            names = "--version",
            paramLabel = "V",
            description = "A model version instead of the best one.")
    private Long version;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and end.")
    private boolean help;

    @Override
    public Integer call() throws IOException {
        Connection connection = broker.connection();
        connection.require(List.of(connection.topics().runs(), connection.topics().best()));
        RunSpec spec = new RunArchive(connection).spec(run);
        connection.require(
                List.of(
                        connection.topics().data(run),
                        connection.topics().directives(run),
                        connection.topics().models(run)));
        NativeLibraries.prepare();
        try (RecordFetcher fetcher =
                new RecordFetcher(connection, new StopSignal(), Duration.ofSeconds(30))) {
            float[] weights = new float[(int) spec.getParameterCount()];
            long exported = new RunArchive(connection).weights(spec, version, fetcher, weights);
            RunData data =
                    new RunData(
                            connection.topics().data(run),
                            spec.getData(),
                            fetcher,
                            new AtomicLong());
            ModelDefinition definition = data.model();
            try (Engine engine =
                    RunEngine.open(
                            definition,
                            spec.getParameterCount(),
                            EngineTerms.of(Settings.of(spec.getSettingsMap()), 1))) {
                engine.writeParameters(weights);
                Evaluation test = engine.evaluate(data.samples(spec.getData().getTestList()));
                Evaluation heldOut = engine.evaluate(data.samples(spec.getData().getHeldOutList()));
                List<String> files = write(definition.fileName(), engine);
                print(exported, test, heldOut, weights.length, files);
            }
        }
        return 0;
    }

    /** The names of what was written, the model first. */
    private List<String> write(String model, Engine engine) {
        List<String> names = new ArrayList<>(List.of(model));
        Map<String, byte[]> extras = new TreeMap<>(engine.extras());
        try {
            Files.createDirectories(out);
            // the model last: whoever finds it finds all
            for (Map.Entry<String, byte[]> extra : extras.entrySet()) {
                write(extra.getKey(), extra.getValue());
                names.add(extra.getKey());
            }
            write(model, engine.save());
        } catch (IOException e) {
            throw new InputException("--out " + out + " cannot be written: " + e + ".", e);
        }
        return names;
    }

    /** Under another name first: whoever finds the file finds all of it. */
    private void write(String name, byte[] bytes) throws IOException {
        Path partial = Files.write(out.resolve(name + ".part"), bytes);
        Files.move(partial, out.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void print(
            long version, Evaluation test, Evaluation heldOut, int parameters, List<String> files) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("version", version);
        answer.put("accuracy", test.accuracy());
        answer.put("loss", test.loss());
        answer.put("heldOutAccuracy", heldOut.accuracy());
        answer.put("heldOutLoss", heldOut.loss());
        answer.put("parameters", parameters);
        answer.put("files", files);
        System.out.println(Json.line(answer));
    }
}
