package org.hermesml.cli.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.hermesml.core.settings.Setting;
import org.hermesml.core.settings.Settings;

/** Settings as a flat JSON object, every one named: what {@code --settings} reads back. */
public final class SettingsJson {
    public static ObjectNode of(Settings settings) {
        Map<String, String> texts = settings.toMap();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (Setting<?> setting : Settings.all()) {
            String key = setting.key();
            Object value = setting.parse(texts.get(key));
            if (value instanceof Integer i) {
                json.put(key, i);
            } else if (value instanceof Long l) {
                json.put(key, l);
            } else if (value instanceof Double d) {
                json.put(key, d);
            } else if (value instanceof Boolean b) {
                json.put(key, b);
            } else {
                json.put(key, texts.get(key));
            }
        }
        return json;
    }

    private SettingsJson() {}
}
