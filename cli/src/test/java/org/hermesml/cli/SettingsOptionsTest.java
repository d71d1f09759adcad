package org.hermesml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class SettingsOptionsTest {
    @TempDir private Path folder;

    @AfterEach
    void noInstallation() {
        System.clearProperty(SettingsOptions.HOME);
    }

    @Test
    void withoutOptionsAllIsDefault() {
        assertEquals(Settings.defaults(), parse().settings());
    }

    @Test
    void theOwnOptionsOfACommandAreStrongestThenMethodThenSetThenTheFile() throws IOException {
        Path file = folder.resolve("mine.json");
        Files.writeString(
                file, "{\"alpha\": -1.1, \"beta\": 0.2, \"lambda\": 7, \"method\": \"bsp\"}");
        Settings settings =
                parse(
                                "--settings", file.toString(),
                                "--set", "beta=0.3",
                                "--set", "lambda=8",
                                "--set", "method=asp",
                                "--method", "official")
                        .settings(Map.of("lambda", "9"));
        assertEquals(-1.1, settings.get(Settings.ALPHA));
        assertEquals(0.3, settings.get(Settings.BETA));
        assertEquals(9, settings.get(Settings.LAMBDA));
        assertEquals("official", settings.get(Settings.METHOD));
    }

    @Test
    void theFileOfTheInstallationIsUsedUnlessAnotherIsNamed() throws IOException {
        Path installed = Files.createDirectories(folder.resolve("conf")).resolve("settings.json");
        Files.writeString(installed, "{\"alpha\": -2}");
        Path other = Files.writeString(folder.resolve("other.json"), "{\"beta\": 0.5}");
        System.setProperty(SettingsOptions.HOME, folder.toString());
        assertEquals(-2.0, parse().settings().get(Settings.ALPHA));
        Settings named = parse("--settings", other.toString()).settings();
        assertEquals(Settings.ALPHA.defaultValue(), named.get(Settings.ALPHA));
        assertEquals(0.5, named.get(Settings.BETA));
    }

    @Test
    void aPresetIsWeakerThanWhatAPersonSetsAndStrongerThanAFileOfDefaults() throws IOException {
        Path installed = Files.createDirectories(folder.resolve("conf")).resolve("settings.json");
        Files.writeString(installed, "{\"samples\": 5000, \"local_epochs\": 1, \"lambda\": 7}");
        System.setProperty(SettingsOptions.HOME, folder.toString());
        Settings steps =
                parse(
                                "--method", "ssp",
                                "--preset", "authors",
                                "--set", "mini_batch=32")
                        .settings();
        assertEquals(16, steps.get(Settings.SAMPLES));
        assertEquals(false, steps.get(Settings.ALLOCATION));
        assertEquals(7, steps.get(Settings.LAMBDA));
        assertEquals(32, steps.get(Settings.MINI_BATCH));
        assertEquals(2500, parse("--method", "ssp").settings().get(Settings.SAMPLES));
    }

    @Test
    void anAssignmentWithoutEqualsSignSaysHowToWriteOne() {
        SettingsOptions options = parse("--set", "alpha");
        String said = assertThrows(InputException.class, options::settings).getMessage();
        assertEquals(
                "--set 'alpha' is no setting; write key=value, such as --set alpha=-1.6.", said);
    }

    @Test
    void whatDoesNotGoWithTheMethodIsRefused() {
        SettingsOptions options = parse("--method", "official", "--set", "tail_average=1");
        String said = assertThrows(InputException.class, options::settings).getMessage();
        assertTrue(said.startsWith("Setting tail_average: '1.0' is not allowed"), said);
    }

    @Test
    void anUnknownMethodNamesTheKnownOnes() {
        SettingsOptions options = parse("--method", "hermess");
        String said = assertThrows(InputException.class, options::settings).getMessage();
        assertTrue(said.contains("hermes, official, bsp, balanced, asp, ssp"), said);
    }

    private static SettingsOptions parse(String... args) {
        SettingsOptions options = new SettingsOptions();
        new CommandLine(
                        CommandLine.Model.CommandSpec.create()
                                .addMixin(
                                        "settings",
                                        CommandLine.Model.CommandSpec.forAnnotatedObject(options)))
                .parseArgs(args);
        return options;
    }
}
