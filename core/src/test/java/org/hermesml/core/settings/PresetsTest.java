package org.hermesml.core.settings;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.hermesml.core.InputException;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.method.Methods;
import org.hermesml.core.method.PushRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class PresetsTest {
    static final List<String> METHODS = Presets.METHODS;

    @ParameterizedTest
    @FieldSource("METHODS")
    void everyMethodHasPresetsThatItCanRunWith(String method) {
        for (var preset : List.of(Presets.authors(method), Presets.best(method))) {
            Settings settings = Settings.of(preset);
            assertEquals(method, settings.get(Settings.METHOD));
            assertDoesNotThrow(() -> Methods.of(settings));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bsp", "asp", "ssp", "ebsp", "selsync", "ringmaster"})
    void itsAuthorsSynchroniseAfterEachMiniBatchStep(String method) {
        Settings settings = Settings.of(Presets.authors(method));
        assertEquals(settings.get(Settings.MINI_BATCH), settings.get(Settings.SAMPLES));
        assertEquals(1, settings.get(Settings.LOCAL_EPOCHS));
        assertEquals(false, settings.get(Settings.ALLOCATION));
    }

    @ParameterizedTest
    @FieldSource("METHODS")
    void itsAuthorsTakeThePairOfThePaperWhateverTheDefaults(String method) {
        assertEquals("0.1", Presets.authors(method).get("learning_rate"));
        assertEquals("16", Presets.authors(method).get("mini_batch"));
    }

    @ParameterizedTest
    @FieldSource("METHODS")
    void itsAuthorsNeitherRoundParametersNorAverageThemWhateverTheDefaults(String method) {
        assertEquals("fp32", Presets.authors(method).get("update_type"));
        assertEquals("fp32", Presets.authors(method).get("model_type"));
        assertEquals("0", Presets.authors(method).get("tail_average"));
    }

    @ParameterizedTest
    @FieldSource("METHODS")
    void itsAuthorsFitNobodyToWhatCommunicationTakes(String method) {
        assertEquals("0", Presets.authors(method).get("least_training"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hermes", "official"})
    void theAuthorsOfTheGateBeginAtMinusOnePointThreeWhateverTheDefault(String method) {
        assertEquals("-1.3", Presets.authors(method).get("alpha"));
    }

    @ParameterizedTest
    @ValueSource(strings = "hermes")
    void withoutItsGateItStillMeasuresWhatTheMergeWeighs(String method) {
        var rule = Methods.of(Settings.of(Map.of("method", method, "gate", "false"))).pushRule();
        assertTrue(rule.usesHeldOutLoss());
        assertTrue(rule.observe(rule.start(), PushRule.Observation.ofLoss(2)).push());
    }

    @ParameterizedTest
    @ValueSource(strings = "hermes")
    void itsAuthorsWeighByLossAlone(String method) {
        assertEquals("loss", Presets.authors(method).get("merge_weight"));
    }

    @Test
    void aMethodThatDoesNotExistHasNoPresets() {
        for (Function<String, ?> presets :
                List.<Function<String, ?>>of(Presets::authors, Presets::best)) {
            String said =
                    assertThrows(InputException.class, () -> presets.apply("hermse")).getMessage();
            assertTrue(said.contains("'hermse'"), said);
        }
    }

    @ParameterizedTest
    @FieldSource("METHODS")
    void onlyWhoPushesGradientsRefusesTailAverages(String method) {
        Settings averaged = Settings.of(Presets.best(method)).with(Settings.TAIL_AVERAGE, 0.25);
        if (method.equals("official")) {
            String said =
                    assertThrows(InputException.class, () -> Methods.of(averaged)).getMessage();
            assertTrue(said.contains("tail_average: '0.25' is not allowed"), said);
        } else {
            assertNotEquals(UpdateForm.GRADIENT_SUM, Methods.of(averaged).updateForm());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "hermes")
    void theDefaultsAreTheBestOfTheDefaultMethod(String method) {
        assertEquals(Map.of("method", method), Presets.best(method));
        assertEquals(Settings.defaults(), Settings.of(Presets.best(method)));
    }
}
