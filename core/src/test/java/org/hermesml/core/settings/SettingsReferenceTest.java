package org.hermesml.core.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With {@code -Dhermes.rewrite=true} page and file are written anew instead of found wanting. */
final class SettingsReferenceTest {
    private static final Path CHECKOUT = Path.of("..");
    private static final String CURE =
            "Settings.java has changed; run this test once with -Dhermes.rewrite=true.";

    @BeforeAll
    static void rewriteWhereAsked() throws IOException {
        if (Boolean.getBoolean("hermes.rewrite")) {
            SettingsReference.main(new String[] {CHECKOUT.toString()});
        }
    }

    @Test
    void thePageSaysWhatTheDeclarationsSay() throws IOException {
        assertEquals(
                SettingsReference.page(),
                Files.readString(CHECKOUT.resolve(SettingsReference.PAGE)),
                CURE);
    }

    @Test
    void theFileHoldsEverySettingAtItsDefault() throws IOException {
        assertEquals(
                Settings.defaults(),
                read(Files.readString(CHECKOUT.resolve(SettingsReference.FILE))),
                CURE);
        assertEquals(
                SettingsReference.json(Settings.defaults()),
                Files.readString(CHECKOUT.resolve(SettingsReference.FILE)),
                CURE);
    }

    @Test
    void settingsWrittenAsAFileReadBackEqual() throws IOException {
        Settings changed =
                Settings.defaults()
                        .with(Settings.ALPHA, -1.6)
                        .with(Settings.MINI_BATCHES, List.of(1, 3, 9))
                        .with(Settings.METHOD, "asp")
                        .with(Settings.ALLOCATION, false);
        assertEquals(changed, read(SettingsReference.json(changed)));
    }

    @Test
    void everySettingStandsOnThePageOnce() {
        for (Setting<?> setting : Settings.all()) {
            long rows =
                    SettingsReference.page()
                            .lines()
                            .filter(line -> line.startsWith("| `" + setting.key() + "` |"))
                            .count();
            assertEquals(1, rows, setting.key());
        }
    }

    @Test
    void everyRowStandsInAGroup() {
        String first = Settings.all().iterator().next().key();
        List<String> lines = SettingsReference.page().lines().toList();
        int table = lines.indexOf("## The method");
        assertEquals("| `" + first + "`", lines.get(table + 4).substring(0, first.length() + 4));
    }

    private static Settings read(String json) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        JsonNode tree = new ObjectMapper().readTree(json);
        tree.properties()
                .forEach(
                        e ->
                                texts.put(
                                        e.getKey(),
                                        e.getValue().isArray()
                                                ? e.getValue().toString()
                                                : e.getValue().asText()));
        assertEquals(Settings.all().size(), texts.size());
        return Settings.of(texts);
    }
}
