package org.hermesml.cli.chaos;

import java.util.HashMap;
import java.util.Map;
import org.hermesml.cli.run.RunChoice;
import org.hermesml.core.settings.Setting;
import org.hermesml.core.settings.Settings;

/**
 * The choice of a run, made fit to be disturbed: it never ends by itself, and its iterations are
 * short.
 *
 * @param asked what the command line says; settings that are not at their defaults stay
 */
record ChaosSettings(RunChoice asked, int workers) {
    private static final Map<Setting<?>, String> SHORT =
            Map.of(
                    Settings.SAMPLES, "600",
                    Settings.HELD_OUT_SAMPLES, "300",
                    Settings.TRAINING_SAMPLES, "3000");

    private static final Map<Setting<?>, String> ENDLESS =
            Map.of(
                    Settings.TARGET_ACCURACY, "1.1",
                    Settings.PATIENCE, "1000000",
                    Settings.MAX_TIME, "24h");

    /** Of the faults, and of the run. */
    long seed() {
        return asked.settings().get(Settings.SEED);
    }

    RunChoice choice() {
        Map<String, String> texts = new HashMap<>(asked.settings().toMap());
        Map<String, String> usual = Settings.of(Map.of()).toMap();
        ENDLESS.forEach((setting, value) -> texts.put(setting.key(), value));
        SHORT.forEach(
                (setting, value) -> {
                    if (texts.get(setting.key()).equals(usual.get(setting.key()))) {
                        texts.put(setting.key(), value);
                    }
                });
        texts.put(Settings.MIN_WORKERS.key(), String.valueOf(Math.min(2, workers)));
        return new RunChoice(
                asked.dataset(),
                asked.dataDir(),
                asked.table(),
                asked.model(),
                Settings.of(texts),
                asked.more());
    }
}
