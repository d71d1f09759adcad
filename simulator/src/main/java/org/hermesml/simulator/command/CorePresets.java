package org.hermesml.simulator.command;

import java.util.List;
import java.util.Map;
import org.hermesml.core.settings.Presets;
import org.hermesml.simulator.campaign.MethodPresets;

/** The presets that every host of the methods shares. */
final class CorePresets implements MethodPresets {
    @Override
    public List<String> methods() {
        return Presets.METHODS;
    }

    @Override
    public Map<String, String> authors(String method) {
        return Presets.authors(method);
    }

    @Override
    public Map<String, String> best(String method) {
        return Presets.best(method);
    }
}
