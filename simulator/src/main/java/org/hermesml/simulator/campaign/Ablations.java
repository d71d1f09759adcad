package org.hermesml.simulator.campaign;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.wire.Values;

/** What is switched, one rule at a time, to see what each is worth. */
public final class Ablations {
    public static final String BASE = "hermes";

    private static final List<Map<String, String>> CHANGES = changes();

    /**
     * The base first, then one variant for each switch that changes something.
     *
     * @param names makes variants of the base method
     */
    public static List<Variant> of(VariantNames names) {
        Variant base = names.variant(BASE, BASE, "defaults", Map.of());
        List<Variant> variants = new ArrayList<>(List.of(base));
        for (Map<String, String> change : CHANGES) {
            Variant variant = names.variant(label(change), BASE, label(change), change);
            if (!variant.settings().equals(base.settings())) {
                variants.add(variant);
            }
        }
        return List.copyOf(variants);
    }

    private static List<Map<String, String>> changes() {
        List<Map<String, String>> changes = new ArrayList<>();
        each(changes, Settings.GATE.key(), "false");
        each(changes, Settings.DEFENCE.key(), "false");
        each(changes, Settings.THRESHOLD_RESET.key(), "false", "true");
        each(changes, Settings.FRESH_HELD_OUT.key(), "true");
        each(changes, Settings.MERGE_WEIGHT.key(), "work", "loss", "equal");
        each(changes, Settings.LOSS_POWER.key(), "1", "3", "10");
        each(changes, Settings.WINDOW_RESET.key(), "true");
        each(changes, Settings.MERGE.key(), "average", "delta");
        each(changes, Settings.QUORUM.key(), "0.5", "0.8", "1");
        each(changes, Settings.GRACE.key(), "0", "0.3");
        each(changes, Settings.OVERTIME.key(), "1000");
        each(changes, Settings.LEAST_TRAINING.key(), "0");
        each(changes, Settings.PROBE.key(), "1");
        each(changes, Settings.ALLOCATION_TARGET.key(), "0.5");
        each(changes, Settings.ALLOCATION.key(), "false", "true");
        each(changes, Settings.MINI_BATCH_SEARCH.key(), "false", "true");
        each(changes, Settings.PREFETCH.key(), "false", "true");
        each(changes, Settings.SERVER_MOMENTUM.key(), "0", "0.3", "0.7");
        each(changes, Settings.STALENESS_EXPONENT.key(), "0", "1");
        each(changes, Settings.UPDATE_TYPE.key(), Values.TYPES.toArray(String[]::new));
        for (String type : Values.TYPES) {
            changes.add(
                    ordered(
                            Settings.UPDATE_TYPE.key(), type,
                            Settings.MODEL_TYPE.key(), type));
        }
        each(changes, Settings.TAIL_AVERAGE.key(), "0", "0.5", "1");
        each(changes, Settings.LOCAL_EPOCHS.key(), "1", "2", "5");
        each(changes, Settings.ALPHA.key(), "-0.3", "-0.6", "-0.9", "-1.3");
        each(changes, Settings.BETA.key(), "0", "0.1", "0.3");
        each(changes, Settings.LAMBDA.key(), "2", "5", "10");
        each(changes, Settings.WINDOW_SIZE.key(), "5", "10", "20");
        return changes;
    }

    private static void each(List<Map<String, String>> changes, String key, String... values) {
        for (String value : values) {
            changes.add(Map.of(key, value));
        }
    }

    private static Map<String, String> ordered(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private static String label(Map<String, String> change) {
        return change.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(" "));
    }

    private Ablations() {}
}
