package org.hermesml.core.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.core.InputException;

/**
 * What a method runs with where nothing else is set: as its authors ran it, or at its best as far
 * as a search has found. Each is a map of settings by key, {@code method} included; what is absent
 * keeps its default.
 */
public final class Presets {
    /** Every synchronisation method, the default first. */
    public static final List<String> METHODS =
            List.of(
                    "hermes",
                    "official",
                    "bsp",
                    "balanced",
                    "asp",
                    "ssp",
                    "ebsp",
                    "selsync",
                    "fedasync",
                    "fedbuff",
                    "ringmaster",
                    "local");

    /**
     * As the authors of {@code method} ran it.
     *
     * @throws InputException when there is no such method
     */
    public static Map<String, String> authors(String method) {
        Map<String, String> preset =
                switch (Settings.METHOD.parse(method)) {
                    // The paper (arXiv 2410.20495), section V: alpha, beta, lambda, E, first n.
                    case "hermes" ->
                            Map.of(
                                    "alpha", "-1.3",
                                    "beta", "0.1",
                                    "lambda", "5",
                                    "window_size", "10",
                                    "window_reset", "true",
                                    "local_epochs", "5",
                                    "samples", "2500",
                                    "merge", "average",
                                    "merge_weight", "loss",
                                    "loss_power", "1");
                    // The defaults of the released implementation.
                    case "official" ->
                            Map.of(
                                    "alpha", "-1.3",
                                    "window_size", "10",
                                    "local_epochs", "5",
                                    "samples", "2500");
                    // One mini-batch step per synchronisation. Valiant 1990 as Hermes' baseline,
                    // Ho et al. 2013, Zhao et al. 2019, Tyagi and Swany 2023, Maranjyan et al.
                    // 2025.
                    case "bsp", "asp", "ssp", "ringmaster" -> oneStep();
                    case "ebsp" -> and(oneStep(), "lookahead", "150");
                    case "selsync" -> and(oneStep(), "selsync_delta", "0.3");
                    // Not a published method: bsp with an epoch per synchronisation, sizes fitted.
                    case "balanced" ->
                            Map.of("local_epochs", "1", "samples", "2500", "allocation", "true");
                    // Xie et al. 2019: polynomial staleness, a = 0.5, alpha = 0.6, a local epoch.
                    case "fedasync" ->
                            and(oneEpoch(), "mixing", "0.6", "staleness_exponent", "0.5");
                    // Nguyen et al. 2022: K = 10, an epoch locally.
                    case "fedbuff" -> and(oneEpoch(), "buffer_size", "10");
                    case "local" -> capped(oneEpoch());
                    default -> throw without(method);
                };
        // One pair for all, so that they differ by their rules: that of the paper. Parameters
        // travelled as they were.
        Map<String, String> common = new LinkedHashMap<>();
        common.put("method", method);
        common.put("learning_rate", "0.1");
        common.put("mini_batch", "16");
        common.put("tail_average", "0");
        common.put("server_momentum", "0");
        common.put("staleness_exponent", "0");
        common.put("allocation_target", "0.5");
        common.put("least_training", "0");
        common.put("probe", "1");
        common.put("update_type", "fp32");
        common.put("model_type", "fp32");
        common.putAll(preset);
        return common;
    }

    /**
     * At its best, by the search that docs/simulator.md tells of: an epoch with sizes fitted to
     * devices, and what each gains from besides.
     *
     * @throws InputException when there is no such method
     */
    public static Map<String, String> best(String method) {
        Map<String, String> preset =
                switch (Settings.METHOD.parse(method)) {
                    // The defaults of Settings are its best.
                    case "hermes" -> Map.of();
                    // Its sum of gradients bears neither another rate nor fewer bits.
                    case "official" -> authors(method);
                    case "fedasync" -> and(fittedEpoch(), "staleness_exponent", "0.5");
                    case "bsp", "balanced" ->
                            and(
                                    fittedEpoch(),
                                    "server_momentum",
                                    "0.5",
                                    "allocation_target",
                                    "0.5");
                    case "ebsp" -> and(fittedEpoch(), "samples", "1250", "server_momentum", "0.5");
                    case "selsync" ->
                            and(
                                    fittedEpoch(),
                                    "samples",
                                    "1250",
                                    "server_momentum",
                                    "0.5",
                                    "selsync_delta",
                                    "0.02");
                    case "fedbuff" -> and(fittedEpoch(), "buffer_size", "5");
                    case "asp", "ssp", "ringmaster" -> fittedEpoch();
                    case "local" -> capped(fittedEpoch());
                    default -> throw without(method);
                };
        return and(preset, "method", method);
    }

    private static IllegalStateException without(String method) {
        return new IllegalStateException("Method " + method + " is declared without a preset.");
    }

    /** With the mini-batch of 16 that all authors' presets have. */
    private static Map<String, String> oneStep() {
        return Map.of("samples", "16", "local_epochs", "1", "allocation", "false");
    }

    private static Map<String, String> oneEpoch() {
        return Map.of("samples", "2500", "local_epochs", "1", "allocation", "false");
    }

    private static Map<String, String> fittedEpoch() {
        return Map.of(
                "server_momentum", "0",
                "samples", "2500",
                "local_epochs", "1",
                "allocation", "true",
                "mini_batch", "64",
                "learning_rate", "0.4");
    }

    /** Nobody sees that a run without pushes has levelled off: it ends by the clock. */
    private static Map<String, String> capped(Map<String, String> preset) {
        return and(preset, "max_time", "20m");
    }

    private static Map<String, String> and(Map<String, String> preset, String... keysAndValues) {
        Map<String, String> more = new LinkedHashMap<>(preset);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            more.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return more;
    }

    private Presets() {}
}
