package org.hermesml.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.SampleBlock;
import org.hermesml.core.message.SampleType;
import org.hermesml.training.Samples;
import org.hermesml.training.TrainingException;
import org.junit.jupiter.api.Test;

class SampleBlocksTest {
    private final Samples digits = Digits.make(7, 50, 1).train();

    @Test
    void bytesTravelAsBytesAndComeBackEqual() throws InvalidProtocolBufferException {
        SampleBlock block =
                SampleBlock.parseFrom(SampleBlocks.encode(digits, 10, 30).toByteArray());
        assertEquals(20 * 784, block.getFeatures().size());
        assertEquals(20, block.getLabels().size());
        SampleLayout layout = SampleLayout.of(SampleLayout.of(digits).index().build());
        Samples back = new BlockSamples(layout, List.of(SampleBlocks.decode(block, layout)));
        for (int i = 0; i < 20; i++) {
            assertSameSample(digits, 10 + i, back, i);
        }
    }

    @Test
    void blocksJoinWithoutCopyInTheGivenOrder() {
        SampleLayout layout = SampleLayout.of(digits);
        DecodedBlock a = SampleBlocks.decode(SampleBlocks.encode(digits, 0, 3), layout);
        DecodedBlock none = SampleBlocks.decode(SampleBlocks.encode(digits, 3, 3), layout);
        DecodedBlock b = SampleBlocks.decode(SampleBlocks.encode(digits, 40, 50), layout);
        Samples joined = new BlockSamples(layout, List.of(b, none, a));
        assertEquals(13, joined.count());
        assertSameSample(digits, 40, joined, 0);
        assertSameSample(digits, 49, joined, 9);
        assertSameSample(digits, 0, joined, 10);
        assertSameSample(digits, 2, joined, 12);
        assertThrows(IndexOutOfBoundsException.class, () -> joined.label(13));
    }

    @Test
    void floatsAndManyClassesSurviveTheJourney() {
        Samples floats = new FloatSamples();
        SampleLayout layout = SampleLayout.of(floats);
        SampleBlock block = SampleBlocks.encode(floats, 0, floats.count());
        assertEquals(4 * 3 * floats.count(), block.getFeatures().size());
        assertEquals(4 * floats.count(), block.getLabels().size());
        Samples back = new BlockSamples(layout, List.of(SampleBlocks.decode(block, layout)));
        for (int i = 0; i < floats.count(); i++) {
            assertSameSample(floats, i, back, i);
        }
    }

    @Test
    void aBlockHoldsWhatFitsIntoARecord() {
        SampleLayout layout = SampleLayout.of(digits);
        int fitting = SampleBlocks.samplesIn(30_000, layout);
        assertTrue(SampleBlocks.encode(digits, 0, fitting).getSerializedSize() <= 30_000);
        assertTrue((fitting + 1) * 785 + 64 > 30_000);
        assertEquals(1, SampleBlocks.samplesIn(10, layout));
    }

    @Test
    void aBlockThatLiesIsRefused() {
        SampleLayout layout = SampleLayout.of(digits);
        SampleBlock good = SampleBlocks.encode(digits, 0, 4);
        refused(
                good.toBuilder().setCount(5).build(),
                layout,
                "3136 bytes of features where 3920 are due");
        refused(good.toBuilder().setCount(-1).build(), layout, "-1 samples");
        refused(
                good.toBuilder().setLabels(ByteString.copyFrom(new byte[3])).build(),
                layout,
                "3 bytes of labels");
        refused(
                good.toBuilder().setLabels(ByteString.copyFrom(new byte[] {0, 1, 10, 2})).build(),
                layout,
                "label 10");
        refused(good.toBuilder().setType(SampleType.FLOAT32).build(), layout, "type FLOAT32");
    }

    @Test
    void aFeatureThatIsNoNumberIsRefused() {
        FloatSamples floats = new FloatSamples();
        floats.values[4] = Float.NaN;
        refused(
                SampleBlocks.encode(floats, 0, 3),
                SampleLayout.of(floats),
                "Feature 1 of sample 1");
    }

    @Test
    void anIndexThatMakesNoSenseIsRefused() {
        DataIndex good = SampleLayout.of(digits).index().build();
        for (DataIndex bad :
                List.of(
                        DataIndex.getDefaultInstance(),
                        good.toBuilder().clearFeatureShape().build(),
                        good.toBuilder().setFeatureShape(1, -28).build(),
                        good.toBuilder().setFeatureShape(1, Integer.MAX_VALUE).build(),
                        good.toBuilder().setClassCount(1).build(),
                        good.toBuilder().setFeatureScale(Float.NaN).build())) {
            assertThrows(TrainingException.class, () -> SampleLayout.of(bad), bad::toString);
        }
    }

    private static void refused(SampleBlock block, SampleLayout layout, String why) {
        String message =
                assertThrows(TrainingException.class, () -> SampleBlocks.decode(block, layout))
                        .getMessage();
        assertTrue(message.contains(why), message);
    }

    private static void assertSameSample(Samples expected, int at, Samples actual, int index) {
        float[] left = new float[expected.featureCount() + 1];
        float[] right = new float[left.length];
        expected.features(at, left, 1);
        actual.features(index, right, 1);
        assertArrayEquals(left, right);
        assertEquals(expected.label(at), actual.label(index));
    }

    /** Three features each, 300 classes. */
    private static final class FloatSamples implements Samples {
        final float[] values = {0.5f, -1, 3e-7f, 4, 5, 6, 7, 8, 1e9f};

        @Override
        public int count() {
            return 3;
        }

        @Override
        public int[] featureShape() {
            return new int[] {3};
        }

        @Override
        public int classCount() {
            return 300;
        }

        @Override
        public void features(int index, float[] into, int offset) {
            System.arraycopy(values, 3 * index, into, offset, 3);
        }

        @Override
        public int label(int index) {
            return 149 * index;
        }
    }
}
