package org.hermesml.core.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.hermesml.core.message.PushState;
import org.hermesml.core.method.PushRule.Observation;
import org.hermesml.core.method.PushRule.PushStep;
import org.hermesml.core.method.PushRule.Wish;
import org.junit.jupiter.api.Test;

class SimplePushRulesTest {
    private static final Observation NOTHING = Observation.ofLoss(Double.NaN);

    @Test
    void aCountedPushComesAfterAsManyIterationsAsTheServerSaid() {
        CountedPush rule = new CountedPush();
        PushState state = rule.pulled(rule.start(), 3);
        List<Boolean> pushed = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            PushStep step = rule.observe(state, NOTHING);
            pushed.add(step.push());
            state = step.next();
        }
        assertEquals(List.of(false, false, true), pushed);
    }

    @Test
    void aCountedPushComesAtOnceWhereTheServerSaidNothing() {
        CountedPush rule = new CountedPush();
        assertTrue(rule.observe(rule.start(), NOTHING).push());
        assertTrue(rule.observe(rule.pulled(rule.start(), 0), NOTHING).push());
    }

    @Test
    void aLocalModelIsHandedInOnlyWhenItReachesTheTarget() {
        TargetReached rule = new TargetReached(0.97);
        assertEquals(Wish.STAY, rule.observe(rule.start(), accuracy(0.9699)).wish());
        assertEquals(Wish.PUSH, rule.observe(rule.start(), accuracy(0.97)).wish());
        assertEquals(Wish.STAY, rule.observe(rule.start(), accuracy(Double.NaN)).wish());
    }

    private static Observation accuracy(double accuracy) {
        return new Observation(0.1, accuracy, 0);
    }
}
