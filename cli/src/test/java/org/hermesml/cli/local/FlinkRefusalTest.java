package org.hermesml.cli.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class FlinkRefusalTest {
    private static RuntimeException refusal(String trace) {
        ObjectNode body = new ObjectMapper().createObjectNode();
        body.putArray("errors").add("Internal server error.").add(trace);
        return FlinkRefusal.of(500, body);
    }

    @Test
    void theInnermostCauseIsTheMessage() {
        RuntimeException e =
                refusal(
                        "org.a.OuterException: it failed\n\tat org.a.B.c(B.java:1)\n"
                                + "Caused by: org.a.Inner: no more room\n\t... 3 more\n");
        assertInstanceOf(FlinkRefusal.class, e);
        assertEquals("Flink answered 500: no more room", e.getMessage());
    }

    @Test
    void aBareNameKeepsItsException() {
        RuntimeException e =
                refusal("java.lang.ClassNotFoundException: org.a.B\n\tat x.y(Z.java:1)\n");
        assertEquals("Flink answered 500: ClassNotFoundException: org.a.B", e.getMessage());
    }

    @Test
    void badInputThatTheJobRefusesIsBadInputHere() {
        RuntimeException e =
                refusal(
                        "org.a.Outer: it failed\nCaused by: org.hermesml.core.InputException:"
                                + " Unknown option --x; allowed: --y.\n");
        assertInstanceOf(org.hermesml.core.InputException.class, e);
        assertEquals("Unknown option --x; allowed: --y.", e.getMessage());
    }
}
