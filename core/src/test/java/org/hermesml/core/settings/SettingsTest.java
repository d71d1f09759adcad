package org.hermesml.core.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.hermesml.core.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {
    @Test
    void whatIsNotGivenTakesItsDefault() {
        Settings settings = Settings.of(Map.of("alpha", "-1.6"));
        assertEquals(-1.6, settings.get(Settings.ALPHA));
        assertEquals(0.1, settings.get(Settings.BETA));
        assertEquals(5, settings.get(Settings.LAMBDA));
        assertEquals(5, settings.get(Settings.WINDOW_SIZE));
        assertEquals(Duration.ofMinutes(30), settings.get(Settings.MAX_TIME));
    }

    @Test
    void everyDefaultIsAllowedAndReadsBack() {
        assertEquals(Settings.defaults(), Settings.of(Settings.defaults().toMap()));
    }

    @ParameterizedTest
    @CsvSource({
        "alhpa, alpha",
        "windowsize, window_size",
        "windowSize, window_size",
        "target-accuracy, target_accuracy",
        "learningrate, learning_rate"
    })
    void anUnknownSettingNamesTheNearestKnownOne(String wrong, String right) {
        String said = refusal(wrong, "1");
        assertTrue(said.contains("'" + wrong + "'"), said);
        assertTrue(said.contains("did you mean '" + right + "'"), said);
    }

    @ParameterizedTest
    @CsvSource({
        "alpha, 0.5",
        "alpha, NaN",
        "alpha, low",
        "beta, 1.01",
        "lambda, 0",
        "lambda, 2.5",
        "window_size, 1",
        "method, hermess",
        "threshold_reset, yes",
        "max_time, 30",
        "max_time, 0s",
        "max_time, 999999999999999999999d",
        "seed, 9223372036854775808",
        "slice_parameters, 200001"
    })
    void aValueOutOfRangeNamesSettingValueAndRange(String key, String value) {
        String said = refusal(key, value);
        assertTrue(said.startsWith("Setting " + key + ": '" + value + "' is not allowed"), said);
        assertTrue(said.contains("allowed: "), said);
        assertTrue(said.endsWith(".") && said.lines().count() == 1, said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "2,1", "4,4", "0,2", "2,x", "[2,4", "70000"})
    void aListHasToAscendWithinItsRange(String value) {
        refusal("mini_batches", value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2,4,8", " 2 , 4,8 ", "[2, 4, 8]"})
    void aListReadsAsPeopleAndFilesWriteIt(String value) {
        assertEquals(
                List.of(2, 4, 8),
                Settings.of(Map.of("mini_batches", value)).get(Settings.MINI_BATCHES));
    }

    @ParameterizedTest
    @CsvSource({
        "500ms, 500",
        "30s, 30000",
        "4m, 240000",
        "4min, 240000",
        "2h, 7200000",
        "1d, 86400000"
    })
    void durationsCarryTheirUnit(String text, long ms) {
        assertEquals(Duration.ofMillis(ms), Durations.parse(text));
        assertEquals(
                Duration.ofMillis(ms), Durations.parse(Durations.print(Duration.ofMillis(ms))));
    }

    @Test
    void oneChangedValueLeavesTheOthersAlone() {
        Settings changed = Settings.defaults().with(Settings.SAMPLES, 600);
        assertEquals(600, changed.get(Settings.SAMPLES));
        assertEquals(
                Settings.defaults(),
                changed.with(Settings.SAMPLES, Settings.SAMPLES.defaultValue()));
    }

    private static String refusal(String key, String value) {
        return assertThrows(InputException.class, () -> Settings.of(Map.of(key, value)))
                .getMessage();
    }
}
