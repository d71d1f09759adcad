package org.hermesml.training.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.hermesml.core.InputException;
import org.hermesml.training.Samples;
import org.junit.jupiter.api.Test;

class HeldOutTest {
    private final Samples all = Digits.make(3, 200, 1).train();

    @Test
    void everySampleIsOnOneSideAndOnOneOnly() {
        HeldOut.Cut cut = HeldOut.cut(all, 50, 9);
        assertEquals(50, cut.heldOut().count());
        assertEquals(150, cut.training().count());
        Set<String> seen = new HashSet<>();
        for (Samples side : new Samples[] {cut.training(), cut.heldOut()}) {
            for (int i = 0; i < side.count(); i++) {
                assertTrue(seen.add(row(side, i)));
            }
        }
        assertEquals(200, seen.size());
    }

    @Test
    void theSeedAloneDecides() {
        assertEquals(
                row(HeldOut.cut(all, 50, 9).heldOut(), 0),
                row(HeldOut.cut(all, 50, 9).heldOut(), 0));
        assertNotEquals(
                row(HeldOut.cut(all, 50, 9).heldOut(), 0),
                row(HeldOut.cut(all, 50, 10).heldOut(), 0));
    }

    @Test
    void somethingMustBeLeftToTrainOn() {
        String message =
                assertThrows(InputException.class, () -> HeldOut.cut(all, 200, 1)).getMessage();
        assertTrue(message.contains("200") && message.contains("at most 199"), message);
    }

    @Test
    void fewerTrainingSamplesLeaveTheHeldOutOnesAsTheyAre() {
        HeldOut.Cut whole = HeldOut.cut(all, 50, 9);
        HeldOut.Cut less = HeldOut.cut(all, 50, 40, 9);
        assertEquals(40, less.training().count());
        assertTrue(rows(whole.training()).containsAll(rows(less.training())));
        assertEquals(rows(whole.heldOut()), rows(less.heldOut()));
        assertEquals(rows(less.training()), rows(HeldOut.cut(all, 50, 40, 9).training()));
        assertNotEquals(rows(less.training()), rows(HeldOut.cut(all, 50, 40, 10).training()));
        assertEquals(150, HeldOut.cut(all, 50, 0, 9).training().count());
        assertEquals(150, HeldOut.cut(all, 50, 150, 9).training().count());
    }

    @Test
    void moreTrainingSamplesThanThereAreAreRefused() {
        String message =
                assertThrows(InputException.class, () -> HeldOut.cut(all, 50, 151, 1)).getMessage();
        assertTrue(message.contains("151") && message.contains("at most 150"), message);
    }

    @Test
    void aQuarterIsDrawnAnewForEachSeed() {
        Samples heldOut = HeldOut.cut(all, 50, 9).heldOut();
        Set<String> whole = rows(heldOut);
        Set<String> quarter = rows(HeldOut.quarter(heldOut, 1));
        assertEquals(12, quarter.size());
        assertTrue(whole.containsAll(quarter));
        assertEquals(quarter, rows(HeldOut.quarter(heldOut, 1)));
        assertNotEquals(quarter, rows(HeldOut.quarter(heldOut, 2)));
    }

    private static Set<String> rows(Samples samples) {
        Set<String> rows = new HashSet<>();
        for (int i = 0; i < samples.count(); i++) {
            rows.add(row(samples, i));
        }
        return rows;
    }

    private static String row(Samples samples, int index) {
        byte[] row = new byte[samples.featureCount()];
        samples.stored(index, row, 0);
        return Arrays.toString(row);
    }
}
