package org.hermesml.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a CSV file became samples, as publishing says it: whoever uses the model needs the names of
 * the classes, and mean and deviation of each column.
 */
record PublishedTable(ObjectNode content) {
    /** In the folder of a local run. */
    static final String FILE = "table.json";

    /**
     * @param answer of the device program
     * @return empty where the data set is no table
     */
    static Optional<PublishedTable> of(String answer) {
        try {
            JsonNode table = new ObjectMapper().readTree(answer).path("table");
            return table instanceof ObjectNode content
                    ? Optional.of(new PublishedTable(content))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("publish printed an unexpected line: " + answer, e);
        }
    }

    /** For people. */
    String line() {
        List<String> classes = new ArrayList<>();
        content.path("classes").forEach(name -> classes.add(name.asText()));
        int texts = 0;
        for (JsonNode column : content.path("columns")) {
            texts += column.has("categories") ? 1 : 0;
        }
        int columns = content.path("columns").size();
        return "Table: "
                + (columns - texts)
                + " columns of numbers (standardised, absent ones the mean of the training part) and "
                + texts
                + " of texts (one-hot); classes 0 to "
                + (classes.size() - 1)
                + ": "
                + String.join(", ", classes);
    }
}
