package org.hermesml.cli.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.hermesml.core.InputException;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {
    private static final List<Target> ALL = List.of(Target.values());

    @Test
    void theSameSeedGivesTheSameFaultsAndAnotherSeedOthers() {
        assertEquals(faults(7), faults(7));
        assertNotEquals(faults(7), faults(8));
    }

    @Test
    void eachTargetHasItsTurnBeforeAnyHasItsNext() {
        List<FaultSchedule.Fault> faults = faults(3);
        for (int i = 0; i + ALL.size() <= faults.size(); i += ALL.size()) {
            EnumSet<Target> seen = EnumSet.noneOf(Target.class);
            faults.subList(i, i + ALL.size()).forEach(fault -> seen.add(fault.target()));
            assertEquals(EnumSet.allOf(Target.class), seen);
        }
    }

    @Test
    void mostFaultsAreKillsAndSomeArePausesAndSomeOverlap() {
        List<FaultSchedule.Fault> faults = faults(5);
        long kills = faults.stream().filter(FaultSchedule.Fault::kill).count();
        assertTrue(kills > 300 && kills < 400, kills + " of 400");
        assertTrue(faults.stream().anyMatch(FaultSchedule.Fault::overlaps));
    }

    @Test
    void aTargetThatIsNoneIsRefusedInWords() {
        assertEquals(List.of(Target.BROKER, Target.WORKER), Target.parse("broker, worker,broker"));
        String said =
                assertThrows(InputException.class, () -> Target.parse("broker,moon")).getMessage();
        assertEquals(
                "--targets 'moon' is not known; allowed, separated by commas: "
                        + "taskmanager,jobmanager,broker,worker,evaluator.",
                said);
    }

    private static List<FaultSchedule.Fault> faults(long seed) {
        FaultSchedule schedule = new FaultSchedule(ALL, seed);
        return Stream.generate(schedule::next).limit(400).toList();
    }
}
