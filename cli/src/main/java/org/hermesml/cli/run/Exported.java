package org.hermesml.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What the export of a model found.
 *
 * @param accuracy on the test part, a fraction
 * @param loss on the test part
 */
record Exported(
        long version,
        double accuracy,
        double loss,
        double heldOutAccuracy,
        double heldOutLoss,
        long parameters) {
    static final Exported NONE =
            new Exported(-1, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0);

    boolean isPresent() {
        return version >= 0;
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
                    json.required("parameters").asLong());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IllegalStateException("export printed an unexpected line: " + line, e);
        }
    }
}
