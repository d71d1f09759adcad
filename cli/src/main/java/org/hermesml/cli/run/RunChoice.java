package org.hermesml.cli.run;

import java.nio.file.Path;
import java.util.List;
import org.hermesml.core.settings.Settings;

/**
 * What to train on which data and how.
 *
 * @param dataset name or folder
 * @param dataDir null: not named
 * @param model name or file
 * @param more options of the publishing program that say more of model or data
 */
public record RunChoice(
        String dataset, Path dataDir, String model, Settings settings, List<String> more) {
    public RunChoice(String dataset, Path dataDir, String model, Settings settings) {
        this(dataset, dataDir, model, settings, List.of());
    }
}
