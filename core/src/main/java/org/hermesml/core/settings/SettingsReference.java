package org.hermesml.core.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The reference page of all settings, and the settings file with all defaults: both are made from
 * the declarations.
 */
public final class SettingsReference {
    /** Where in a checkout the page lies, and the file. */
    public static final Path PAGE = Path.of("docs", "settings.md");

    public static final Path FILE = Path.of("conf", "settings.json");

    private static final String HEAD =
            """
            # Settings

            <!-- Made from the declarations in `Settings.java` by `SettingsReference`; a test compares the two. -->

            Every setting of a run, with what it is for. Give settings in a file (`--settings FILE`, one flat JSON object;
            `conf/settings.json` when no file is named), or one by one (`--set key=value`, as often as needed, stronger than
            the file). An unknown key or a value out of range is an error. Durations are a number with `ms`, `s`, `m`, `h`
            or `d`.
            """;

    /** Title of each group, by the setting it begins with, in order of declaration. */
    private static final Map<Setting<?>, String> GROUPS = groups();

    private static Map<Setting<?>, String> groups() {
        Map<Setting<?>, String> groups = new LinkedHashMap<>();
        groups.put(Settings.METHOD, "The method");
        groups.put(Settings.DEFENCE, "Defence");
        groups.put(Settings.SAMPLES, "Local work");
        groups.put(Settings.ALLOCATION, "Allocation");
        groups.put(Settings.PATIENCE, "Stopping");
        groups.put(Settings.SHARDS, "The wire");
        groups.put(Settings.SILENCE_FACTOR, "Deadlines");
        return groups;
    }

    /** The page, in Markdown. */
    public static String page() {
        StringBuilder text = new StringBuilder(HEAD);
        for (Setting<?> setting : Settings.all()) {
            String title = GROUPS.get(setting);
            if (title != null) {
                text.append("\n## ")
                        .append(title)
                        .append(
                                "\n\n| key | default | allowed | unit | why |\n|---|---|---|---|---|\n");
            }
            text.append(row(setting));
        }
        return text.toString();
    }

    private static <T> String row(Setting<T> setting) {
        return String.join(
                        " | ",
                        "| `" + setting.key() + "`",
                        "`" + setting.print(setting.defaultValue()) + "`",
                        setting.allowed(),
                        setting.unit(),
                        setting.why() + " |")
                + "\n";
    }

    /** Settings as a settings file: one flat JSON object, in order of declaration. */
    public static String json(Settings settings) {
        Map<String, String> texts = settings.toMap();
        StringBuilder json = new StringBuilder("{");
        for (Setting<?> setting : Settings.all()) {
            json.append(json.length() == 1 ? "\n" : ",\n")
                    .append("  \"")
                    .append(setting.key())
                    .append("\": ")
                    .append(value(setting, texts.get(setting.key())));
        }
        return json.append("\n}\n").toString();
    }

    private static String value(Setting<?> setting, String text) {
        Object type = setting.defaultValue();
        if (type instanceof Number || type instanceof Boolean) {
            return text;
        }
        return type instanceof Iterable ? "[" + text.replace(",", ", ") + "]" : "\"" + text + "\"";
    }

    /**
     * Writes page and file anew.
     *
     * @param args the folder of the checkout
     */
    public static void main(String[] args) throws IOException {
        Path checkout = Path.of(args.length > 0 ? args[0] : ".");
        Files.writeString(checkout.resolve(PAGE), page());
        Files.writeString(checkout.resolve(FILE), json(Settings.defaults()));
    }

    private SettingsReference() {}
}
