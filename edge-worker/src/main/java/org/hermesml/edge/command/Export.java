package org.hermesml.edge.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
                "Writes the best model of a run, or a chosen version, to DIR/model.zip and tests it; prints one line of JSON.")
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
            try (Engine engine =
                    RunEngine.open(
                            data.model(),
                            spec.getParameterCount(),
                            EngineTerms.of(Settings.of(spec.getSettingsMap()), 1))) {
                engine.writeParameters(weights);
                Evaluation test = engine.evaluate(data.samples(spec.getData().getTestList()));
                Evaluation heldOut = engine.evaluate(data.samples(spec.getData().getHeldOutList()));
                write(engine.save());
                print(exported, test, heldOut, weights.length);
            }
        }
        return 0;
    }

    /** Under another name first: whoever finds model.zip finds all of it. */
    private void write(byte[] model) throws IOException {
        try {
            Files.createDirectories(out);
            Path partial = Files.write(out.resolve("model.zip.part"), model);
            Files.move(partial, out.resolve("model.zip"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new InputException("--out " + out + " cannot be written: " + e + ".", e);
        }
    }

    private static void print(long version, Evaluation test, Evaluation heldOut, int parameters) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("version", version);
        answer.put("accuracy", test.accuracy());
        answer.put("loss", test.loss());
        answer.put("heldOutAccuracy", heldOut.accuracy());
        answer.put("heldOutLoss", heldOut.loss());
        answer.put("parameters", parameters);
        System.out.println(Json.line(answer));
    }
}
