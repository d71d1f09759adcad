package org.hermesml.cli.proof;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.cli.run.EdgeProgram;
import org.hermesml.cli.run.EdgeTask;
import org.hermesml.cli.run.KafkaSite;
import org.hermesml.cli.run.RunChoice;
import org.hermesml.cli.run.RunFailure;
import org.hermesml.cli.run.RunFiles;
import org.hermesml.cli.run.SettingsJson;
import org.hermesml.core.settings.Setting;
import org.hermesml.core.settings.Settings;

/**
 * A run that is there to be watched or disturbed: it ends only when its time is over, and its
 * iterations are short.
 *
 * @param choice what it trains, and all its settings
 */
public record LastingRun(RunChoice choice) {
    private static final Map<Setting<?>, String> SHORT =
            Map.of(
                    Settings.SAMPLES, "600",
                    Settings.HELD_OUT_SAMPLES, "300",
                    Settings.TRAINING_SAMPLES, "3000");

    /** Settings by which a run ends when its time is over, and not before. */
    public static Map<String, String> endsAfter(Duration length) {
        return Map.of(
                Settings.TARGET_ACCURACY.key(),
                "1.1",
                Settings.PATIENCE.key(),
                "1000000",
                Settings.MAX_TIME.key(),
                length.toSeconds() + "s");
    }

    /**
     * Made of what is asked for.
     *
     * @param asked settings of it that are not at their defaults stay
     * @param length after which it ends
     */
    public static LastingRun of(RunChoice asked, int workers, Duration length) {
        Map<String, String> texts = new HashMap<>(asked.settings().toMap());
        Map<String, String> usual = Settings.of(Map.of()).toMap();
        texts.putAll(endsAfter(length));
        SHORT.forEach(
                (setting, value) -> {
                    if (texts.get(setting.key()).equals(usual.get(setting.key()))) {
                        texts.put(setting.key(), value);
                    }
                });
        texts.put(Settings.MIN_WORKERS.key(), String.valueOf(Math.min(2, workers)));
        return new LastingRun(
                new RunChoice(
                        asked.dataset(),
                        asked.dataDir(),
                        asked.table(),
                        asked.model(),
                        Settings.of(texts),
                        asked.more()));
    }

    /**
     * Returns when it is published. Its topics must be there.
     *
     * @param folder that takes a file with its settings
     * @param names of the workers that may take part; empty: any
     */
    public void publish(
            EdgeProgram program, KafkaSite site, String run, Path folder, List<String> names) {
        Path settings = folder.resolve(run + ".json");
        try {
            RunFiles.writeJson(settings, SettingsJson.of(choice.settings()));
        } catch (IOException e) {
            throw new RunFailure("The settings cannot be written: " + e.getMessage() + ".", e);
        }
        EdgeTask.start(program.publish(site, run, choice, settings, names, null)).await();
    }
}
