package org.hermesml.simulator.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.core.settings.Presets;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.campaign.MethodPresets;

/** The presets that every host of the methods shares. */
final class CorePresets implements MethodPresets {
    @Override
    public List<String> methods() {
        return Presets.METHODS;
    }

    @Override
    public Map<String, String> authors(String method) {
        return capped(method, Presets.authors(method));
    }

    @Override
    public Map<String, String> best(String method) {
        return capped(method, Presets.best(method));
    }

    /** Nobody sees that a run without pushes has levelled off: it ends by the clock. */
    private static Map<String, String> capped(String method, Map<String, String> preset) {
        if (!method.equals("local")) {
            return preset;
        }
        Map<String, String> capped = new LinkedHashMap<>(preset);
        capped.put(Settings.MAX_TIME.key(), "20m");
        return capped;
    }
}
