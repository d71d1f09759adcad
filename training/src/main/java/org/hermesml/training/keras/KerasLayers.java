package org.hermesml.training.keras;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.hermesml.core.InputException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * What Deeplearning4j's import would pass over in silence, or stumble over, in the layers of a
 * Keras model.
 */
final class KerasLayers {
    /**
     * Rewrites what has another name only.
     *
     * @return names of the layers that are frozen
     * @throws InputException naming the layer, for what would train otherwise than in Keras
     */
    static Set<String> prepare(KerasArchive archive) {
        Set<String> frozen = new TreeSet<>();
        for (ObjectNode layer : archive.layers()) {
            String name = KerasArchive.name(layer);
            JsonNode config = layer.path("config");
            if (config instanceof ObjectNode fields) {
                List<String> names = new ArrayList<>();
                fields.fieldNames().forEachRemaining(names::add);
                for (String field : names) {
                    if (field.endsWith("_regularizer")) {
                        regulariser(name, field, fields);
                    } else if (field.endsWith("_initializer")) {
                        // the weights are there, and one of the person's own would be in the way
                        fields.putObject(field).put("class_name", "Zeros").putObject("config");
                    }
                }
            }
            if (!config.path("trainable").asBoolean(true)) {
                refuse(
                        layer.path("class_name").asText().contains("Normalization"),
                        name,
                        "is frozen, which for a normalisation means other statistics too");
                frozen.add(name);
            }
        }
        return frozen;
    }

    private static void regulariser(String layer, String field, ObjectNode fields) {
        JsonNode found = fields.path(field);
        if (found.isNull()) {
            return;
        }
        String kind = found.path("class_name").asText();
        refuse(
                field.startsWith("activity") || !Set.of("L1L2", "L1", "L2").contains(kind),
                layer,
                "has the " + field + " " + kind);
        ObjectNode config = (ObjectNode) found.path("config");
        ((ObjectNode) found).put("class_name", "L1L2");
        config.put("l1", config.path("l1").asDouble(0));
        config.put("l2", config.path("l2").asDouble(0));
    }

    private static void refuse(boolean refused, String layer, String why) {
        if (refused) {
            throw new InputException(
                    "The Keras layer '"
                            + layer
                            + "' "
                            + why
                            + ", which cannot be imported: save the model without it.");
        }
    }

    private KerasLayers() {}
}
