package org.hermesml.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.hermesml.core.settings.Settings;
import org.hermesml.training.Samples;
import org.junit.jupiter.api.Test;

class PartitionTest {
    private static final Samples DIGITS = Datasets.open("digits", null, 5).train();

    private static Samples cut(String partition, String alpha) {
        return HeldOut.cut(
                        DIGITS,
                        Settings.of(Map.of("partition", partition, "dirichlet_alpha", alpha)))
                .training();
    }

    /** Share of the commonest class of each tenth. */
    private static double[] commonest(Samples samples) {
        double[] shares = new double[Partition.PARTS];
        for (int part = 0; part < shares.length; part++) {
            int[] counts = counts(samples, part);
            shares[part] =
                    IntStream.of(counts).max().orElseThrow() / (double) IntStream.of(counts).sum();
        }
        return shares;
    }

    private static int[] counts(Samples samples, int part) {
        int[] counts = new int[samples.classCount()];
        int end = (int) ((part + 1L) * samples.count() / Partition.PARTS);
        for (int i = (int) ((long) part * samples.count() / Partition.PARTS); i < end; i++) {
            counts[samples.label(i)]++;
        }
        return counts;
    }

    @Test
    void aPartitionHoldsTheSameSamplesInAnotherOrder() {
        for (String partition : new String[] {"labels", "dirichlet"}) {
            Samples samples = cut(partition, "0.5");
            Set<Integer> seen = new TreeSet<>();
            for (int i = 0; i < samples.count(); i++) {
                seen.add(samples.positionInOrigin(i));
            }
            assertEquals(cut("iid", "0.5").count(), seen.size(), partition);
        }
    }

    @Test
    void byLabelsEachPartHasFewClasses() {
        Samples samples = cut("labels", "0.5");
        for (int part = 0; part < Partition.PARTS; part++) {
            long classes = IntStream.of(counts(samples, part)).filter(n -> n > 0).count();
            assertTrue(classes >= 2 && classes <= 4, part + ": " + classes);
        }
    }

    @Test
    void theSmallerAlphaTheMorePartsDiffer() {
        double skewed = DoubleStream.of(commonest(cut("dirichlet", "0.2"))).average().orElseThrow();
        double alike = DoubleStream.of(commonest(cut("dirichlet", "100"))).average().orElseThrow();
        assertTrue(skewed > 0.4, "" + skewed);
        assertTrue(alike < 0.2, "" + alike);
    }

    @Test
    void theSameSeedGivesTheSamePartition() {
        assertArrayEquals(commonest(cut("dirichlet", "0.5")), commonest(cut("dirichlet", "0.5")));
    }
}
