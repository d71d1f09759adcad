package org.hermesml.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hermesml.training.data.Shuffle;
import org.junit.jupiter.api.Test;

class BoutTest {
    private final List<Integer> sizes = new ArrayList<>();
    private final List<Integer> seen = new ArrayList<>();

    @Test
    void eachPassSeesEverySampleOnceInAnOrderOfItsOwn() {
        new Bout(Shuffle.identity(10), 2, 4, 1).run(1, this::note);
        assertEquals(List.of(4, 4, 2, 4, 4, 2), sizes);
        List<Integer> first = seen.subList(0, 10);
        List<Integer> second = seen.subList(10, 20);
        assertEquals(first.stream().sorted().toList(), second.stream().sorted().toList());
        assertTrue(!first.equals(second), seen.toString());
    }

    @Test
    void theSeedAloneTellsTheOrderAndTheNumberForTheLibrary() {
        Bout one = new Bout(Shuffle.identity(10), 1, 4, 1);
        one.run(1, this::note);
        Bout other = new Bout(Shuffle.identity(10), 1, 3, 1);
        other.run(1, this::note);
        assertEquals(seen.subList(0, 10), seen.subList(10, 20));
        assertEquals(one.librarySeed(), other.librarySeed());
        assertTrue(one.librarySeed() != new Bout(new int[1], 1, 1, 2).librarySeed());
    }

    @Test
    void aRestThatIsTooSmallJoinsTheMiniBatchBeforeIt() {
        new Bout(Shuffle.identity(9), 1, 4, 1).run(2, this::note);
        new Bout(Shuffle.identity(10), 1, 4, 1).run(2, this::note);
        new Bout(Shuffle.identity(3), 1, 1, 1).run(2, this::note);
        assertEquals(List.of(4, 5, 4, 4, 2, 1, 2), sizes);
        assertEquals(2, Bout.steps(9, 4, 2));
        assertEquals(3, Bout.steps(10, 4, 2));
        assertEquals(2, Bout.steps(3, 1, 2));
        assertEquals(1, Bout.steps(1, 4, 2));
    }

    @Test
    void theLossIsTheMeanOfTheLastPassAndEachStepCounts() {
        List<Double> losses = new ArrayList<>(List.of(9.0, 9.0, 1.0, 2.0));
        Engine.TrainingResult result =
                new Bout(Shuffle.identity(4), 2, 2, 1)
                        .run(1, (order, first, count) -> losses.remove(0));
        assertEquals(new Engine.TrainingResult(1.5, 4), result);
    }

    @Test
    void aLossThatIsNoNumberEndsItAtItsStep() {
        Bout bout = new Bout(Shuffle.identity(4), 2, 2, 1);
        String message =
                assertThrows(
                                TrainingException.class,
                                () -> bout.run(1, (o, f, c) -> note(o, f, c) / (sizes.size() - 3)))
                        .getMessage();
        assertTrue(message.contains("in step 3 (epoch 2)"), message);
    }

    @Test
    void whatIsDrawnStaysAsItIsAndNothingToTrainIsRefused() {
        int[] drawn = Shuffle.identity(10);
        new Bout(drawn, 1, 4, 1).run(1, this::note);
        assertArrayEquals(Shuffle.identity(10), drawn);
        assertThrows(IllegalArgumentException.class, () -> new Bout(new int[0], 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Bout(drawn, 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Bout(drawn, 1, 0, 1));
    }

    private double note(int[] order, int first, int count) {
        sizes.add(count);
        Arrays.stream(order, first, first + count).forEach(seen::add);
        return 1;
    }
}
