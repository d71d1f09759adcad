package org.hermesml.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * What the export of a model found.
 *
 * @param accuracy on the test part, a fraction
 * @param loss on the test part
 * @param files that were written, the model first
 */
record Exported(
        long version,
        double accuracy,
        double loss,
        double heldOutAccuracy,
        double heldOutLoss,
        long parameters,
        List<String> files) {
    static final Exported NONE =
            new Exported(-1, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0, List.of());

    boolean isPresent() {
        return version >= 0;
    }

    private static List<String> files(JsonNode names) {
        List<String> files = new ArrayList<>();
        names.forEach(name -> files.add(name.asText()));
        return files;
    }

    /** Reads the line that the exporting process printed. */
    static Exported parse(String line) {
        try {
            JsonNode json = new ObjectMapper().readTree(line);
            return new Exported(
                    json.required("version").asLong(),
                    json.required("accuracy").asDouble(Double.NaN),
                    json.required("loss").asDouble(Double.NaN),
                    json.required("heldOutAccuracy").asDouble(Double.NaN),
                    json.required("heldOutLoss").asDouble(Double.NaN),
                    json.required("parameters").asLong(),
                    files(json.required("files")));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IllegalStateException("export printed an unexpected line: " + line, e);
        }
    }
}
