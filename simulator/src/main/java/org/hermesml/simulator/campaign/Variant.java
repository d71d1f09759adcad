package org.hermesml.simulator.campaign;

import org.hermesml.core.settings.Settings;

/**
 * A method at a setting: one row of a table.
 *
 * @param label as people ask for it, such as {@code bsp@best}
 * @param setting which one this is: {@code authors}, {@code best}, {@code defaults}, or the rule
 *     that is switched
 * @param settings all of them; the seed is that of no run yet
 */
public record Variant(String label, String method, String setting, Settings settings) {}
