package org.hermesml.cli.run;

import java.nio.file.Path;
import java.util.List;
import org.hermesml.core.TableOptions;
import org.hermesml.core.settings.Settings;

/**
 * What to train on which data and how.
 *
 * @param dataset name or folder
 * @param dataDir null: not named
 * @param table how the data set is read where it is a CSV file
 * @param model name or file
 * @param more options of the publishing program that say more of model or data
 */
public record RunChoice(
        String dataset,
        Path dataDir,
        TableOptions table,
        String model,
        Settings settings,
        List<String> more) {
    /** With a table read as by default, and nothing more to say. */
    public RunChoice(String dataset, Path dataDir, String model, Settings settings) {
        this(dataset, dataDir, TableOptions.DEFAULT, model, settings, List.of());
    }
}
