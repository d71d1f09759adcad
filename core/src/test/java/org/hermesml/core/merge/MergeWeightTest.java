package org.hermesml.core.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MergeWeightTest {
    @Test
    void eachSideCountsByItsWorkOverItsLoss() {
        double worker = 500 / 0.5;
        double global = 2000 / 0.8;
        assertEquals(worker / (global + worker), MergeWeight.ofWorker(0.8, 2000, 0.5, 500), 1e-12);
    }

    @Test
    void ofEqualLossesTheWorkAloneCounts() {
        assertEquals(0.5, MergeWeight.ofWorker(0.3, 2500, 0.3, 2500), 1e-12);
        assertEquals(0.2, MergeWeight.ofWorker(0.3, 2000, 0.3, 500), 1e-12);
        assertEquals(0.8, MergeWeight.ofWorker(0.3, 500, 0.3, 2000), 1e-12);
    }

    @Test
    void ofEqualWorkTheLossAloneCounts() {
        assertEquals(
                MergeWeight.ofWorker(0.9, 0.3), MergeWeight.ofWorker(0.9, 700, 0.3, 700), 1e-12);
    }

    @Test
    void whereWorkIsNotKnownTheLossAloneCounts() {
        assertEquals(MergeWeight.ofWorker(0.9, 0.3), MergeWeight.ofWorker(0.9, 0, 0.3, 700));
        assertEquals(MergeWeight.ofWorker(0.9, 0.3), MergeWeight.ofWorker(0.9, 700, 0.3, 0));
        assertEquals(
                MergeWeight.ofWorker(0.9, 0.3), MergeWeight.ofWorker(0.9, Double.NaN, 0.3, 700));
    }

    @Test
    void aPerfectLossDoesNotMakeAWeightThatIsNoNumber() {
        assertEquals(0.5, MergeWeight.ofWorker(0, 100, 0, 100), 1e-12);
    }

    @Test
    void theMeanBeginsWithTheFirstAndMovesByATenth() {
        assertEquals(1000, MergeWeight.meanWork(0, 1000));
        assertEquals(1100, MergeWeight.meanWork(1000, 2000), 1e-9);
    }
}
