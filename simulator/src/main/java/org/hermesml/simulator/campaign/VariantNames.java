package org.hermesml.simulator.campaign;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.core.InputException;
import org.hermesml.core.NearestName;
import org.hermesml.core.method.Methods;
import org.hermesml.core.settings.Settings;

/**
 * Turns what people ask for into variants: {@code bsp} is that method as its authors used it,
 * {@code bsp@best} at its best known setting; {@code hermes} is the defaults, {@code hermes@paper}
 * the paper's setting; {@code all} is every method at both.
 */
public final class VariantNames {
    private static final String HERMES = "hermes";
    private static final String ALL = "all";

    private final MethodPresets presets;
    private final Map<String, String> common;
    private final Map<String, String> overrides;

    /**
     * @param common settings under the presets
     * @param overrides settings on top of all
     */
    public VariantNames(
            MethodPresets presets, Map<String, String> common, Map<String, String> overrides) {
        this.presets = presets;
        this.common = Map.copyOf(common);
        this.overrides = Map.copyOf(overrides);
    }

    /**
     * @param names separated by commas; those with equal settings once, by the first name
     * @throws InputException for what is no method or no setting of one
     */
    public List<Variant> parse(String names) {
        Map<String, Variant> variants = new LinkedHashMap<>();
        for (String name : names.split(",")) {
            String word = name.trim();
            List<Variant> these = word.equals(ALL) ? all() : List.of(variant(word));
            these.forEach(variant -> variants.putIfAbsent(variant.settings().toString(), variant));
        }
        return List.copyOf(variants.values());
    }

    /** One setting of {@code method} with more of them changed on top of its preset. */
    public Variant variant(
            String label, String method, String setting, Map<String, String> changes) {
        Map<String, String> texts = new LinkedHashMap<>(common);
        texts.put(Settings.METHOD.key(), method);
        texts.putAll(setting.equals("authors") ? presets.authors(method) : presets.best(method));
        texts.putAll(changes);
        texts.putAll(overrides);
        Settings settings = Settings.of(texts);
        Methods.of(settings);
        return new Variant(label, method, setting, settings);
    }

    private List<Variant> all() {
        List<Variant> both = new ArrayList<>();
        for (String method : presets.methods()) {
            Variant usual = variant(method);
            Variant other = variant(method + (method.equals(HERMES) ? "@paper" : "@best"));
            both.add(usual);
            both.add(other);
        }
        return both;
    }

    private Variant variant(String name) {
        int at = name.indexOf('@');
        String method = at < 0 ? name : name.substring(0, at);
        String setting = at < 0 ? "" : name.substring(at + 1);
        if (!presets.methods().contains(method)) {
            throw new InputException(
                    "--methods: '"
                            + method
                            + "' is no method; allowed are "
                            + String.join(", ", presets.methods())
                            + " and all"
                            + NearestName.near(method, presets.methods())
                                    .map(near -> ", did you mean '" + near + "'?")
                                    .orElse("."));
        }
        boolean hermes = method.equals(HERMES);
        return switch (setting) {
            case "" -> variant(name, method, hermes ? "defaults" : "authors", Map.of());
            case "best" ->
                    variant(hermes ? HERMES : name, method, hermes ? "defaults" : "best", Map.of());
            case "authors", "paper" ->
                    variant(hermes ? "hermes@paper" : method, method, "authors", Map.of());
            default ->
                    throw new InputException(
                            "--methods: '"
                                    + name
                                    + "' is no setting of "
                                    + method
                                    + "; allowed are "
                                    + (hermes
                                            ? "hermes (the defaults) and hermes@paper."
                                            : method
                                                    + " (as its authors used it) and "
                                                    + method
                                                    + "@best."));
        };
    }
}
