package org.hermesml.core.method;

import org.hermesml.core.settings.Settings;

/** All methods, by key. */
public final class Methods {
    /** The method that {@code settings} choose. */
    public static Method of(Settings settings) {
        String key = settings.get(Settings.METHOD);
        return switch (key) {
            case "hermes" -> new Hermes(settings);
            case "official" -> new Official(settings);
            case "bsp" -> new BulkSynchronous();
            case "asp" -> new Asynchronous(settings);
            default ->
                    throw new IllegalStateException(
                            "Method " + key + " is declared in Settings but not here.");
        };
    }

    private Methods() {}
}
