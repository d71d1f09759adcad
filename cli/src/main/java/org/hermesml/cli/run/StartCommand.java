package org.hermesml.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.local.MasterOptions;
import org.hermesml.cli.local.TopicAdmin;
import org.hermesml.cli.local.WorkersFile;
import org.hermesml.core.InputException;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.wire.Topics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code hermes start}: publishes data, model and RunSpec; the running job and its workers do the
 * rest.
 */
@Command(
        name = "start",
        description =
                "Starts a run on a real installation: publishes its data, model and settings.")
public final class StartCommand implements Callable<Integer> {
    @Mixin private RunOptions options;
    @Mixin private MasterOptions master;

    @Option(
            names = "--worker",
            paramLabel = "NAME",
            description =
                    "A worker that may take part; give it once for each (default: those in config.json; none there: any).")
    private List<String> names = List.of();

    @Option(
            names = "--label",
            paramLabel = "L",
            description = "Only workers with this label may take part.")
    private String label;

    @Option(
            names = "--run",
            paramLabel = "ID",
            description = "Name of the run (default: made from data set, method and time).")
    private String id;

    @Override
    public Integer call() {
        RunChoice choice = options.choice();
        KafkaSite site = new KafkaSite(master.master().bootstrap(), master.master().topics());
        List<String> workers =
                names.isEmpty() && label == null ? WorkersFile.read(master.conf()) : names;
        String asked = id == null ? null : RunIds.checked(id);
        try (TaskFolder folder = TaskFolder.create()) {
            EdgeProgram program = new EdgeProgram(HermesHome.find(), folder.path());
            Path settings = folder.path().resolve("settings.json");
            RunFiles.writeJson(settings, SettingsJson.of(choice.settings()));
            String run;
            try (TopicAdmin admin = TopicAdmin.connect(site.bootstrap())) {
                Map<String, RunRecord> known = new RunDirectory(site).all();
                run = free(asked, choice, known);
                publish(admin, site, program, choice, settings, run, workers);
            }
            folder.succeeded();
            System.out.println("Run " + run + " has started; follow it with ./hermes watch " + run);
            return 0;
        } catch (IOException e) {
            throw new RunFailure(
                    "The settings of the run cannot be written: " + e.getMessage() + ".", e);
        }
    }

    private static String free(String asked, RunChoice choice, Map<String, RunRecord> known) {
        if (asked != null && known.containsKey(asked)) {
            throw new InputException(
                    "There is a run '" + asked + "' already; name another with --run.");
        }
        return asked != null
                ? asked
                : RunIds.create(
                        choice.dataset(),
                        choice.settings().get(Settings.METHOD),
                        LocalDateTime.now(),
                        known::containsKey);
    }

    private void publish(
            TopicAdmin admin,
            KafkaSite site,
            EdgeProgram program,
            RunChoice choice,
            Path settings,
            String run,
            List<String> workers) {
        List<Topics.Topic> topics = site.topics().ofRun(run);
        admin.create(topics);
        try {
            String answer =
                    EdgeTask.start(program.publish(site, run, choice, settings, workers, label))
                            .await();
            System.out.println(described(answer));
            PublishedTable.of(answer).ifPresent(table -> System.out.println(table.line()));
        } catch (RuntimeException e) {
            // nothing half-started: without its RunSpec nobody will ever use these
            admin.delete(new ArrayList<>(topics.stream().map(Topics.Topic::name).toList()));
            throw e;
        }
    }

    private static String described(String answer) {
        try {
            JsonNode json = new ObjectMapper().readTree(answer);
            return "Published "
                    + json.path("training").asLong()
                    + " training, "
                    + json.path("heldOut").asLong()
                    + " held-out and "
                    + json.path("test").asLong()
                    + " test samples and a model of "
                    + json.path("parameters").asLong()
                    + " parameters.";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("publish printed an unexpected line: " + answer, e);
        }
    }
}
