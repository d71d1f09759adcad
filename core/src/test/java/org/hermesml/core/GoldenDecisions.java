package org.hermesml.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Inputs, and the decisions that the released implementation took on them. */
public final class GoldenDecisions {
    /** Cases of {@code section}: gate, allocation or merge. */
    public static JsonNode cases(String section) {
        try (InputStream in = GoldenDecisions.class.getResourceAsStream("/hermes-decisions.json")) {
            return new ObjectMapper().readTree(in).required(section);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private GoldenDecisions() {}
}
