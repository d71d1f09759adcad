package org.hermesml.training.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.hermesml.core.message.SampleType;
import org.hermesml.training.Samples;

/**
 * Samples that lie in blocks, one after the other. Joins the blocks without copying them, so that a
 * resident set which changes by a block costs nothing to make anew.
 */
public final class BlockSamples implements Samples {
    private final SampleLayout layout;
    private final int featureCount;
    private final DecodedBlock[] blocks;
    private final int[] firstOf;
    private final int count;

    public BlockSamples(SampleLayout layout, List<DecodedBlock> blocks) {
        this.layout = layout;
        this.featureCount = layout.featureCount();
        this.blocks = blocks.toArray(new DecodedBlock[0]);
        this.firstOf = new int[this.blocks.length];
        int first = 0;
        for (int i = 0; i < this.blocks.length; i++) {
            firstOf[i] = first;
            first = Math.addExact(first, this.blocks[i].count());
        }
        this.count = first;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public int[] featureShape() {
        return layout.shape().clone();
    }

    @Override
    public int featureCount() {
        return featureCount;
    }

    @Override
    public int classCount() {
        return layout.classCount();
    }

    @Override
    public SampleType storedType() {
        return layout.type();
    }

    @Override
    public float featureScale() {
        return layout.scale();
    }

    @Override
    public void features(int index, float[] into, int offset) {
        int block = blockOf(index);
        byte[] from = blocks[block].features();
        int row = index - firstOf[block];
        float scale = layout.scale();
        if (layout.type() == SampleType.UINT8) {
            int first = row * featureCount;
            for (int i = 0; i < featureCount; i++) {
                into[offset + i] = (from[first + i] & 0xff) * scale;
            }
            return;
        }
        ByteBuffer.wrap(from)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(row * featureCount, into, offset, featureCount);
        if (scale != 1) {
            for (int i = 0; i < featureCount; i++) {
                into[offset + i] *= scale;
            }
        }
    }

    @Override
    public void stored(int index, byte[] into, int offset) {
        int block = blockOf(index);
        int rowBytes = featureCount * layout.bytesPerFeature();
        System.arraycopy(
                blocks[block].features(),
                (index - firstOf[block]) * rowBytes,
                into,
                offset,
                rowBytes);
    }

    @Override
    public int label(int index) {
        int block = blockOf(index);
        return blocks[block].label(index - firstOf[block]);
    }

    private int blockOf(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("Sample " + index + " of " + count);
        }
        int low = 0;
        int high = blocks.length - 1;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (firstOf[middle] <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
