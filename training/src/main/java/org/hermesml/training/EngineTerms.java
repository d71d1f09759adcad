package org.hermesml.training;

import org.hermesml.core.settings.EngineNames;
import org.hermesml.core.settings.Settings;

/**
 * What an engine needs to know of a run and of the device that it runs on.
 *
 * @param engine one of {@link EngineNames}
 * @param learningRate of models whose file has none; others keep their own
 * @param threads of the native library, for the whole process: 1 is fastest for small models
 */
public record EngineTerms(String engine, double learningRate, int threads) {
    public static EngineTerms of(Settings settings, int threads) {
        return new EngineTerms(
                settings.get(Settings.ENGINE), settings.get(Settings.LEARNING_RATE), threads);
    }

    /** To look at a model or evaluate it: the engine that is fastest for it. */
    public static EngineTerms plain(int threads) {
        return new EngineTerms(EngineNames.AUTO, Settings.LEARNING_RATE.defaultValue(), threads);
    }

    /** The same with another engine. */
    public EngineTerms with(String other) {
        return new EngineTerms(other, learningRate, threads);
    }
}
