package org.hermesml.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.core.InputException;
import org.hermesml.core.method.Methods;
import org.hermesml.core.settings.Presets;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.settings.SettingsReference;
import picocli.CommandLine.Option;

/**
 * The options of every command that takes settings. Later ones are stronger: defaults, the preset
 * of the method, the file, {@code --set}, {@code --method}, the command's own options.
 *
 * <p>A file that is named counts whole, so that the settings.json of a run repeats that run. Of the
 * one that comes with the installation only what differs from the defaults counts: it lists every
 * default, and would undo any preset.
 */
public final class SettingsOptions {
    /** System property that names the folder of the installation; the launcher sets it. */
    public static final String HOME = "hermes.home";

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description =
                    "JSON file of settings, all of them stronger than the preset of the method (default:"
                            + " conf/settings.json of the installation, of which counts what differs from the"
                            + " defaults)")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "one setting, stronger than the file; may be repeated")
    private List<String> assignments = List.of();

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            description =
                    "how the workers are synchronised: hermes, official, bsp, balanced, asp, ssp, ebsp,"
                            + " selsync, fedasync, fedbuff, ringmaster or local")
    private String method;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description =
                    "settings that the method runs with where nothing else is set: best (the best found, the"
                            + " default) or authors (as its authors ran it)")
    private Preset preset = Preset.best;

    /** Written in lower case: the names are what people type. */
    private enum Preset {
        best,
        authors;

        Map<String, String> of(String method) {
            return this == best ? Presets.best(method) : Presets.authors(method);
        }
    }

    public Settings settings() {
        return settings(Map.of());
    }

    /**
     * @param overrides texts by key from the command's own options, stronger than all else
     * @throws InputException for whatever cannot be read, is unknown or out of range, or does not
     *     go with the method
     */
    public Settings settings(Map<String, String> overrides) {
        return settings(overrides, Map.of());
    }

    /**
     * @param unlessSet texts by key, stronger than the preset and weaker than all that a person
     *     says
     */
    public Settings settings(Map<String, String> overrides, Map<String, String> unlessSet) {
        Map<String, String> texts = new LinkedHashMap<>(fromFile());
        texts.putAll(Settings.assignments(assignments));
        if (method != null) {
            texts.put(Settings.METHOD.key(), method);
        }
        texts.putAll(overrides);
        String chosen =
                texts.getOrDefault(Settings.METHOD.key(), Settings.METHOD.defaultValue()).trim();
        Map<String, String> all = new LinkedHashMap<>(preset.of(chosen));
        all.putAll(unlessSet);
        all.putAll(texts);
        Settings settings = Settings.of(all);
        Methods.of(settings);
        return settings;
    }

    /** What is not as by default. A value that cannot be read is an error here already. */
    private static Map<String, String> different(Map<String, String> texts) {
        Map<String, String> read = Settings.of(texts).toMap();
        Map<String, String> defaults = Settings.defaults().toMap();
        Map<String, String> different = new LinkedHashMap<>(texts);
        different.keySet().removeIf(key -> read.get(key).equals(defaults.get(key)));
        return different;
    }

    private Map<String, String> fromFile() {
        if (file != null) {
            return SettingsFile.read(file);
        }
        String home = System.getProperty(HOME, "");
        Path installed = Path.of(home).resolve(SettingsReference.FILE);
        return !home.isEmpty() && Files.exists(installed)
                ? different(SettingsFile.read(installed))
                : Map.of();
    }
}
