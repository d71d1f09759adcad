package org.hermesml.core.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.hermesml.core.GoldenDecisions;
import org.hermesml.core.message.PushState;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.method.PushRule.PushStep;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The released gate, decision by decision. */
final class GateGoldenTest {
    @TestFactory
    Stream<DynamicTest> theOfficialGateDecidesAsReleased() {
        return StreamSupport.stream(GoldenDecisions.cases("gate").spliterator(), false)
                .map(
                        c ->
                                DynamicTest.dynamicTest(
                                        c.required("name").asText(), () -> followsTheTrace(c)));
    }

    private static void followsTheTrace(JsonNode c) {
        Gate gate =
                Gate.official(
                        c.required("alpha").asDouble(),
                        c.required("beta").asDouble(),
                        c.required("lambda").asInt(),
                        c.required("windowSize").asInt());
        PushState state = gate.start();
        JsonNode trace = c.required("trace");
        assertTrue(trace.size() >= 20, "a trace that shows something");
        for (int i = 0; i < trace.size(); i++) {
            JsonNode expected = trace.get(i);
            boolean undefined = state.getLossesCount() == 0 || expected.get("z").isNull();
            PushStep step =
                    gate.observe(
                            state, PushRule.Observation.ofLoss(expected.get("loss").asDouble()));
            String at = "iteration " + i;
            assertEquals(expected.get("push").asBoolean(), step.push(), at);
            assertEquals(expected.get("threshold").asDouble(), step.threshold(), 1e-9, at);
            assertEquals(undefined ? Double.NaN : expected.get("z").asDouble(), step.z(), 1e-9, at);
            state = step.next();
        }
    }
}
