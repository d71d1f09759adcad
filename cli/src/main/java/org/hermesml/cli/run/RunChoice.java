package org.hermesml.cli.run;

import java.nio.file.Path;
import org.hermesml.core.settings.Settings;

/**
 * What to train on which data and how.
 *
 * @param dataset name or folder
 * @param dataDir null: not named
 * @param model name or file
 */
public record RunChoice(String dataset, Path dataDir, String model, Settings settings) {}
