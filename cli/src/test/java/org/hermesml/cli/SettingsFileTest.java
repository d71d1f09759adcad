package org.hermesml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.settings.SettingsReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsFileTest {
    @TempDir private Path folder;

    @Test
    void whatTheReferenceWritesIsReadBackEqual() throws IOException {
        Settings changed =
                Settings.defaults()
                        .with(Settings.ALPHA, -1.6)
                        .with(Settings.MINI_BATCHES, List.of(1, 3));
        assertEquals(
                changed, Settings.of(SettingsFile.read(file(SettingsReference.json(changed)))));
    }

    @Test
    void theFileOfTheOriginalIsUnderstood() throws IOException {
        Path file = file("{\"alpha\": -1.6, \"beta\": 0.15, \"lambda\": 5, \"window_size\": 10}");
        assertEquals(
                Map.of("alpha", "-1.6", "beta", "0.15", "lambda", "5", "window_size", "10"),
                SettingsFile.read(file));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{|\"alpha\": -1.3,|\"beta\" 0.1}; 3; no valid JSON",
                "{|\"alpha\": -1.3; 2; no valid JSON",
                "{|\"alpha\": -1.3,|\"alpha\": -1.4}; 3; Duplicate",
                "{|\"alpha\": -1.3,||\"betta\": 0.1}; 4; did you mean 'beta'",
                "{|\"alpha\": 3}; 2; -100.0 to 0.0",
                "{|\"alpha\": {\"deep\": 1}}; 2; the value of alpha",
                "{|\"alpha\": null}; 2; the value of alpha",
                "{|\"mini_batches\": [2, \"x\"]}; 2; an element of mini_batches",
                "[1]; 1; the file",
                "{}|{}; 2; what follows",
            })
    void whatDoesNotBelongIsNamedWithFileAndLine(String text, int line, String what)
            throws IOException {
        Path file = file(text.replace('|', '\n'));
        String said =
                assertThrows(InputException.class, () -> SettingsFile.read(file)).getMessage();
        assertTrue(said.startsWith("Settings file " + file + ", line " + line + ": "), said);
        assertTrue(said.contains(what), said);
        assertEquals(1, said.lines().count(), said);
    }

    @Test
    void anEmptyFileIsNoSettingsFile() throws IOException {
        Path file = file("");
        assertTrue(refusal(file).contains("line 1"), refusal(file));
    }

    @Test
    void anAbsentFileIsNamed() {
        Path file = folder.resolve("absent.json");
        assertTrue(refusal(file).contains(file + " does not exist"), refusal(file));
    }

    @Test
    void aFolderOrABinaryFileIsNoSettingsFile() throws IOException {
        assertTrue(refusal(folder).contains("cannot be read"), refusal(folder));
        Path binary = folder.resolve("binary");
        Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertTrue(refusal(binary).contains("no text in UTF-8"), refusal(binary));
    }

    private static String refusal(Path file) {
        return assertThrows(InputException.class, () -> SettingsFile.read(file)).getMessage();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("settings.json"), text, StandardCharsets.UTF_8);
    }
}
