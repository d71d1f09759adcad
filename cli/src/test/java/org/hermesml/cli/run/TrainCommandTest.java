package org.hermesml.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TrainCommandTest {
    private static final LocalDateTime TIME = LocalDateTime.of(2026, 11, 22, 20, 15, 30);

    @TempDir private Path folder;

    private LocalRunPlan plan(String... args) {
        TrainCommand command = new TrainCommand();
        new CommandLine(command).parseArgs(args);
        return command.plan(new HermesHome(folder), TIME);
    }

    private String refusal(String... args) {
        String message = assertThrows(InputException.class, () -> plan(args)).getMessage();
        assertTrue(message.endsWith("."), message);
        try (var left = Files.list(folder)) {
            assertEquals(0, left.filter(p -> p.getFileName().toString().equals("runs")).count());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return message;
    }

    @Test
    void withoutOptionsFourUnequalWorkersLearnDigits() {
        LocalRunPlan plan = plan();

        assertEquals("digits-hermes-20261122-201530", plan.run());
        assertEquals(folder.resolve("runs/digits-hermes-20261122-201530"), plan.out());
        assertEquals(List.of(1.0, 1.0, 2.0, 4.0), plan.slowdowns());
        assertEquals("mlp", plan.choice().model());
        assertFalse(plan.keepRunning());
    }

    @Test
    void ownOptionsAreStrongerThanSet() {
        Settings settings =
                plan(
                                "--set",
                                "seed=3",
                                "--set",
                                "alpha=-1.6",
                                "--seed",
                                "4",
                                "--max-time",
                                "90s",
                                "--target-accuracy",
                                "0.9",
                                "--method",
                                "bsp")
                        .choice()
                        .settings();

        assertEquals(4L, settings.get(Settings.SEED));
        assertEquals(-1.6, settings.get(Settings.ALPHA));
        assertEquals(Duration.ofSeconds(90), settings.get(Settings.MAX_TIME));
        assertEquals(0.9, settings.get(Settings.TARGET_ACCURACY));
        assertEquals("bsp", settings.get(Settings.METHOD));
    }

    @Test
    void theLastSlowdownHoldsForFurtherWorkers() {
        assertEquals(
                List.of(1.0, 3.5, 3.5), plan("--workers", "3", "--slowdown", "1,3.5").slowdowns());
        assertEquals(List.of(1.0, 1.0), plan("--workers", "2").slowdowns());
        assertEquals(List.of(1.0, 1.0, 2.0, 4.0, 4.0), plan("--workers", "5").slowdowns());
    }

    @Test
    void whatIsWrongIsSaidInOneSentenceBeforeAnythingStarts() throws IOException {
        assertEquals(
                "--slowdown 1,2,3 names 3 factors for 2 workers; name at most one for each worker.",
                refusal("--workers", "2", "--slowdown", "1,2,3"));
        assertEquals(
                "--slowdown 1,0.5: '0.5' is no factor; allowed are numbers from 1 to 1000, separated by commas, such as 1,1,2,4.",
                refusal("--slowdown", "1,0.5"));
        assertTrue(refusal("--slowdown", "1,,2").contains("'' is no factor"));
        assertTrue(refusal("--slowdown", "fast").contains("'fast' is no factor"));
        assertEquals("--workers 0 is not allowed; allowed are 1 to 64.", refusal("--workers", "0"));
        assertTrue(
                refusal("--model", "mpl")
                        .startsWith(
                                "--model 'mpl' is neither mlp, nor cnn, nor alexnet, nor a file"));
        assertTrue(
                refusal("--data-dir", folder.resolve("none").toString()).contains("is no folder"));
        assertTrue(refusal("--set", "alhpa=1").contains("did you mean 'alpha'"));
        assertTrue(refusal("--max-time", "soon").contains("max_time"));
        assertTrue(refusal("--target-accuracy", "97").contains("target_accuracy"));
        assertTrue(refusal("--seed", "-1").contains("seed"));
        Files.writeString(Files.createDirectory(folder.resolve("full")).resolve("x"), "");
        assertTrue(
                refusal("--out", folder.resolve("full").toString())
                        .endsWith("is not empty; name an empty or new folder."));
    }

    @Test
    void aPartitionIsTwoSettings() {
        Settings labels = plan("--partition", "labels").choice().settings();
        assertEquals("labels", labels.get(Settings.PARTITION));
        Settings dirichlet = plan("--partition", "dirichlet:0.1").choice().settings();
        assertEquals("dirichlet", dirichlet.get(Settings.PARTITION));
        assertEquals(0.1, dirichlet.get(Settings.DIRICHLET_ALPHA));
        assertTrue(refusal("--partition", "label").contains("iid"));
        assertTrue(refusal("--partition", "labels:2").contains("only dirichlet takes a number"));
        assertTrue(refusal("--partition", "dirichlet:much").contains("dirichlet_alpha"));
    }

    @Test
    void aTableIsReadAsItsOptionsSay() throws IOException {
        Path table = Files.writeString(folder.resolve("t.csv"), "a,b\n");
        RunChoice choice =
                plan(
                                "--dataset",
                                table.toString(),
                                "--label-column",
                                "b",
                                "--header",
                                "yes",
                                "--missing",
                                "none",
                                "--ignore-columns",
                                "a, c",
                                "--test-fraction",
                                "0.5")
                        .choice();
        assertEquals(
                List.of(
                        "--label-column",
                        "b",
                        "--header",
                        "yes",
                        "--missing",
                        "none",
                        "--ignore-columns",
                        "a,c",
                        "--test-fraction",
                        "0.5"),
                choice.table().arguments());
        assertEquals(List.of(), plan().choice().table().arguments());
        assertTrue(refusal("--header", "perhaps").contains("yes or no"));
        assertTrue(refusal("--test-fraction", "1").contains("between 0 and 1"));
        assertTrue(refusal("--dataset", "nothing.csv").contains("nor a folder or file"));
    }

    @Test
    void ownDataOfWorkersAreNamedOncePerWorker() {
        String here = folder.toString();
        assertEquals(List.of(folder), plan("--workers", "2", "--local-data", here).localData());
        assertTrue(
                refusal("--workers", "1", "--local-data", here, "--local-data", here)
                        .contains("2 times for 1 worker"));
        assertTrue(refusal("--local-data", here + "/none").contains("does not exist"));
    }

    @Test
    void twoRunsOfOneSecondGetTwoNames() throws IOException {
        Files.createDirectories(folder.resolve("runs/digits-hermes-20261122-201530"));

        assertEquals("digits-hermes-20261122-201530-2", plan().run());
    }

    @Test
    void theSettingsFileOfARunHoldsEverySettingAndRepeatsTheRun() throws IOException {
        // a default that the preset of ssp has otherwise
        String usual = "samples=" + Settings.SAMPLES.defaultValue();
        Settings settings =
                plan("--method", "ssp", "--set", usual, "--set", "mini_batches=4,8")
                        .choice()
                        .settings();
        Path file = folder.resolve("settings.json");

        RunFiles.writeJson(file, SettingsJson.of(settings));

        assertEquals(settings, plan("--settings", file.toString()).choice().settings());
        assertEquals(Settings.all().size(), org.hermesml.cli.SettingsFile.read(file).size());
    }
}
