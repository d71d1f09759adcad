package org.hermesml.cli.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.UpdateId;
import org.junit.jupiter.api.Test;

class PushesTest {
    private static final UpdateId ONE = UpdateIds.of("a", 1, 1);
    private static final UpdateId TWO = UpdateIds.of("a", 1, 2);

    @Test
    void whatIsDecidedOnceAndToldAsItIsIsInOrder() {
        Pushes pushes =
                new Pushes(Map.of(ONE, 1), Set.of(TWO), Set.of(ONE, TWO), Set.of(ONE), Set.of(TWO));
        assertEquals(List.of(), pushes.lost());
        assertEquals(List.of(), pushes.doubled());
        assertTrue(audit(pushes, List.of()).clean());
    }

    @Test
    void aPushWithoutVerdictIsLost() {
        Pushes pushes = new Pushes(Map.of(ONE, 1), Set.of(), Set.of(ONE, TWO), Set.of(), Set.of());
        assertEquals(List.of("a:1:2 was pushed and never decided"), pushes.lost());
        assertFalse(audit(pushes, List.of()).clean());
    }

    @Test
    void aPromiseThatTheLogDoesNotKeepIsLost() {
        Pushes pushes = new Pushes(Map.of(TWO, 1), Set.of(ONE), Set.of(), Set.of(ONE), Set.of(TWO));
        assertEquals(
                List.of("a:1:1 was promised and is not merged", "a:1:2 was denied and is merged"),
                pushes.lost());
    }

    @Test
    void whatIsDecidedTwiceIsDoubled() {
        Pushes pushes =
                new Pushes(Map.of(ONE, 2, TWO, 1), Set.of(TWO), Set.of(), Set.of(), Set.of());
        assertEquals(2, pushes.doubled().size());
        assertFalse(audit(pushes, List.of()).clean());
    }

    @Test
    void aModelThatIsNotItsReplayIsAFault() {
        Pushes pushes = new Pushes(Map.of(), Set.of(), Set.of(), Set.of(), Set.of());
        assertFalse(audit(pushes, List.of("slice 1 differs")).clean());
    }

    private static Audit audit(Pushes pushes, List<String> faults) {
        return new Audit(0, 0, pushes.lost(), pushes.doubled(), 1, faults);
    }
}
