package org.hermesml.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlicingTest {
    @Test
    void shardsAreEqualAndTheFirstOnesTakeTheRest() {
        Slicing slicing = new Slicing(10, 4, 100);
        assertEquals(4, slicing.shardCount());
        assertEquals(new Slicing.Slice(0, 0, 0, 3), slicing.slices().get(0));
        assertEquals(new Slicing.Slice(1, 1, 3, 3), slicing.slices().get(1));
        assertEquals(new Slicing.Slice(3, 3, 8, 2), slicing.slices().get(3));
    }

    @Test
    void aShardIsCutIntoSlicesOfAtMostTheWantedSize() {
        Slicing slicing = new Slicing(10, 2, 3);
        assertEquals(4, slicing.sliceCount());
        assertEquals(2, slicing.ofShard(1).size());
        assertEquals(new Slicing.Slice(3, 1, 8, 2), slicing.ofShard(1).get(1));
    }

    @Test
    void thereAreNeverMoreShardsThanParameters() {
        assertEquals(3, new Slicing(3, 8, 16).shardCount());
        assertEquals(1, new Slicing(1, 8, 16).sliceCount());
    }

    @Test
    void everyParameterLiesInExactlyOneSlice() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 2_000; i++) {
            long parameters = random.nextLong(1, 5_000);
            int most = random.nextInt(16, 500);
            Slicing slicing = new Slicing(parameters, random.nextInt(1, 65), most);
            long next = 0;
            int shard = 0;
            for (Slicing.Slice slice : slicing.slices()) {
                assertEquals(next, slice.first());
                assertTrue(slice.count() > 0 && slice.count() <= most);
                assertTrue(slice.shard() == shard || slice.shard() == shard + 1);
                shard = slice.shard();
                next += slice.count();
            }
            assertEquals(parameters, next);
            assertEquals(slicing.shardCount(), shard + 1);
        }
    }

    @Test
    void aModelBeyondTheRangeOfIntIsCutToo() {
        Slicing slicing = new Slicing(3_000_000_000L, 8, 200_000);
        Slicing.Slice last = slicing.slices().get(slicing.sliceCount() - 1);
        assertEquals(3_000_000_000L, last.first() + last.count());
    }
}
