package org.hermesml.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.settings.SettingsReference;
import picocli.CommandLine.Option;

/**
 * The options of every command that takes settings. Later ones are stronger: defaults, the file,
 * {@code --set}, {@code --method}, the command's own options.
 */
public final class SettingsOptions {
    /** System property that names the folder of the installation; the launcher sets it. */
    public static final String HOME = "hermes.home";

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description = "JSON file of settings (default: conf/settings.json of the installation)")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "one setting, stronger than the file; may be repeated")
    private List<String> assignments = List.of();

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            description = "how the workers are synchronised: hermes, official, bsp or asp")
    private String method;

    public Settings settings() {
        return settings(Map.of());
    }

    /**
     * @param overrides texts by key from the command's own options, stronger than all else
     * @throws InputException for whatever cannot be read, is unknown or out of range
     */
    public Settings settings(Map<String, String> overrides) {
        Map<String, String> texts = new LinkedHashMap<>(fromFile());
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                throw new InputException(
                        "--set '"
                                + assignment
                                + "' is no setting; write key=value, such as --set alpha=-1.6.");
            }
            texts.put(assignment.substring(0, equals).trim(), assignment.substring(equals + 1));
        }
        if (method != null) {
            texts.put(Settings.METHOD.key(), method);
        }
        texts.putAll(overrides);
        return Settings.of(texts);
    }

    private Map<String, String> fromFile() {
        if (file != null) {
            return SettingsFile.read(file);
        }
        String home = System.getProperty(HOME, "");
        Path installed = Path.of(home).resolve(SettingsReference.FILE);
        return !home.isEmpty() && Files.exists(installed) ? SettingsFile.read(installed) : Map.of();
    }
}
