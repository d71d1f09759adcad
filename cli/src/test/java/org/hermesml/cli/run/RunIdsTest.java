package org.hermesml.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDateTime;
import java.util.Set;
import org.hermesml.core.InputException;
import org.junit.jupiter.api.Test;

class RunIdsTest {
    private static final LocalDateTime TIME = LocalDateTime.of(2026, 11, 22, 20, 15, 30);

    @Test
    void aNameTellsDataMethodAndTime() {
        assertEquals(
                "digits-hermes-20261122-201530",
                RunIds.create("digits", "hermes", TIME, id -> false));
    }

    @Test
    void aTakenNameGetsANumber() {
        Set<String> taken = Set.of("digits-bsp-20261122-201530", "digits-bsp-20261122-201530-2");

        assertEquals(
                "digits-bsp-20261122-201530-3",
                RunIds.create("digits", "bsp", TIME, taken::contains));
    }

    @Test
    void aPathGivesItsLastPartInAllowedLetters() {
        String id = RunIds.create("/data/My Set_2/", "asp", TIME, i -> false);

        assertEquals("my-set-2-asp-20261122-201530", RunIds.checked(id));
        assertTrue(RunIds.create("/", "asp", TIME, i -> false).startsWith("data-asp-"));
    }

    @Test
    void otherLettersAreRefusedInOneSentence() {
        for (String bad : new String[] {"", "-a", "A", "a/b", "a.b", "x".repeat(101)}) {
            InputException e = assertThrows(InputException.class, () -> RunIds.checked(bad));
            assertTrue(
                    e.getMessage().startsWith("'" + bad + "' is no name for a run; allowed are"));
        }
    }
}
