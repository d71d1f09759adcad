package org.hermesml.simulator.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.Settings;
import org.junit.jupiter.api.Test;

class VariantNamesTest {
    private static final MethodPresets PRESETS =
            new MethodPresets() {
                @Override
                public List<String> methods() {
                    return List.of("hermes", "bsp", "asp");
                }

                @Override
                public Map<String, String> authors(String method) {
                    return method.equals("hermes")
                            ? Map.of("local_epochs", "5")
                            : Map.of("samples", "16");
                }

                @Override
                public Map<String, String> best(String method) {
                    return method.equals("asp") ? authors(method) : Map.of();
                }
            };

    private final VariantNames names =
            new VariantNames(
                    PRESETS, Map.of("patience", "777", "samples", "99"), Map.of("alpha", "-2.0"));

    @Test
    void aBareNameIsTheAuthorsSettingAndOfHermesTheDefaults() {
        List<Variant> variants = names.parse("bsp,hermes");
        assertEquals("authors", variants.get(0).setting());
        assertEquals(16, variants.get(0).settings().get(Settings.SAMPLES));
        assertEquals("defaults", variants.get(1).setting());
        assertEquals(1, variants.get(1).settings().get(Settings.LOCAL_EPOCHS));
    }

    @Test
    void anotherSettingStandsBehindTheAt() {
        assertEquals(5, names.parse("hermes@paper").get(0).settings().get(Settings.LOCAL_EPOCHS));
        assertEquals(99, names.parse("bsp@best").get(0).settings().get(Settings.SAMPLES));
    }

    @Test
    void commonSettingsLieBelowAndOverridesOnTopOfAll() {
        for (Variant variant : names.parse("all")) {
            assertEquals(777, variant.settings().get(Settings.PATIENCE));
            assertEquals(-2.0, variant.settings().get(Settings.ALPHA));
            assertEquals(variant.method(), variant.settings().get(Settings.METHOD));
        }
    }

    @Test
    void allIsEveryMethodAtBothSettingsButEqualOnesOnce() {
        assertEquals(
                List.of("hermes", "hermes@paper", "bsp", "bsp@best", "asp"),
                names.parse("all").stream().map(Variant::label).toList());
    }

    @Test
    void whatIsNoMethodOrSettingIsRefused() {
        assertTrue(refusal("bps").endsWith("did you mean 'bsp'?"), refusal("bps"));
        assertTrue(refusal("bsp@fast").contains("allowed are bsp"), refusal("bsp@fast"));
        assertTrue(refusal("").contains("'' is no method"), refusal(""));
    }

    @Test
    void ablationsSwitchOneThingEachAndStartWithTheBase() {
        List<Variant> variants = Ablations.of(names);
        assertEquals("hermes", variants.get(0).label());
        Map<String, String> base = variants.get(0).settings().toMap();
        for (Variant variant : variants.subList(1, variants.size())) {
            long changed =
                    variant.settings().toMap().entrySet().stream()
                            .filter(e -> !e.getValue().equals(base.get(e.getKey())))
                            .count();
            assertEquals(variant.label().split(" ").length, changed, variant.label());
        }
    }

    @Test
    void settingsThatDoNotGoTogetherAreRefusedBeforeAnythingRuns() {
        Map<String, String> averaged = Map.of("tail_average", "0.5");
        names.variant("", "bsp", "authors", averaged);
        String said =
                assertThrows(
                                InputException.class,
                                () -> names.variant("", "official", "authors", averaged))
                        .getMessage();
        assertTrue(said.startsWith("Setting tail_average: '0.5' is not allowed"), said);
    }

    private String refusal(String word) {
        return assertThrows(InputException.class, () -> names.parse(word)).getMessage();
    }
}
