package org.hermesml.core.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.hermesml.core.InputException;

/**
 * One setting, declared once: key, type, default, range and reason. The reference page is made from
 * these.
 *
 * @param <T> type of the value
 */
public final class Setting<T> {
    private final String key;
    private final T defaultValue;
    private final String unit;
    private final String allowed;
    private final String why;
    private final Function<String, T> parser;
    private final Predicate<T> valid;

    private Setting(
            String key,
            T defaultValue,
            String unit,
            String allowed,
            String why,
            Function<String, T> parser,
            Predicate<T> valid) {
        this.key = Objects.requireNonNull(key);
        this.defaultValue = Objects.requireNonNull(defaultValue);
        this.unit = unit;
        this.allowed = allowed;
        this.why = why;
        this.parser = parser;
        this.valid = valid;
    }

    static Setting<Double> decimal(
            String key, double def, double min, double max, String unit, String why) {
        return new Setting<>(
                key,
                def,
                unit,
                min + " to " + max,
                why,
                Double::parseDouble,
                v -> v >= min && v <= max);
    }

    static Setting<Integer> whole(String key, int def, int min, int max, String unit, String why) {
        return new Setting<>(
                key,
                def,
                unit,
                min + " to " + max,
                why,
                Integer::parseInt,
                v -> v >= min && v <= max);
    }

    static Setting<Long> wholeLong(
            String key, long def, long min, long max, String unit, String why) {
        return new Setting<>(
                key,
                def,
                unit,
                min + " to " + max,
                why,
                Long::parseLong,
                v -> v >= min && v <= max);
    }

    static Setting<Boolean> flag(String key, boolean def, String why) {
        return new Setting<>(key, def, "", "true, false", why, Setting::parseFlag, v -> true);
    }

    static Setting<String> choice(String key, String def, List<String> choices, String why) {
        return new Setting<>(
                key, def, "", String.join(", ", choices), why, s -> s, choices::contains);
    }

    static Setting<Duration> duration(
            String key, Duration def, Duration min, Duration max, String why) {
        return new Setting<>(
                key,
                def,
                "duration",
                Durations.print(min) + " to " + Durations.print(max),
                why,
                Durations::parse,
                v -> v.compareTo(min) >= 0 && v.compareTo(max) <= 0);
    }

    static Setting<List<Integer>> wholes(
            String key, List<Integer> def, int min, int max, String why) {
        return new Setting<>(
                key,
                def,
                "",
                "whole numbers from " + min + " to " + max + ", ascending, separated by commas",
                why,
                Setting::parseWholes,
                v ->
                        !v.isEmpty()
                                && isAscending(v)
                                && v.get(0) >= min
                                && v.get(v.size() - 1) <= max);
    }

    public String key() {
        return key;
    }

    public T defaultValue() {
        return defaultValue;
    }

    public String unit() {
        return unit;
    }

    /** The range or the choices, for people. */
    public String allowed() {
        return allowed;
    }

    /** What the setting is for. */
    public String why() {
        return why;
    }

    /**
     * @throws InputException when {@code text} is no value of this setting
     */
    public T parse(String text) {
        T value;
        try {
            value = parser.apply(text.trim());
        } catch (RuntimeException e) {
            throw refuse(text);
        }
        if (!valid.test(value)) {
            throw refuse(text);
        }
        return value;
    }

    /** The text that {@link #parse} reads back to {@code value}. */
    public String print(T value) {
        if (value instanceof Duration d) {
            return Durations.print(d);
        }
        if (value instanceof List<?> list) {
            return String.join(",", list.stream().map(String::valueOf).toList());
        }
        return String.valueOf(value);
    }

    private InputException refuse(String text) {
        return new InputException(
                "Setting "
                        + key
                        + ": '"
                        + text
                        + "' is not allowed; allowed: "
                        + allowed
                        + (unit.isEmpty() ? "" : " (" + unit + ")")
                        + ".");
    }

    private static boolean parseFlag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static List<Integer> parseWholes(String text) {
        String inner =
                text.startsWith("[") && text.endsWith("]")
                        ? text.substring(1, text.length() - 1)
                        : text;
        return Arrays.stream(inner.split(",")).map(s -> Integer.valueOf(s.trim())).toList();
    }

    private static boolean isAscending(List<Integer> values) {
        for (int i = 1; i < values.size(); i++) {
            if (values.get(i) <= values.get(i - 1)) {
                return false;
            }
        }
        return true;
    }
}
