package org.hermesml.training.data;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.hermesml.core.message.SampleBlock;
import org.hermesml.core.message.SampleType;
import org.hermesml.training.Samples;
import org.hermesml.training.TrainingException;

/** Samples to blocks that travel, and back. */
public final class SampleBlocks {
    /** Tags and lengths of a block and of the record around it. */
    private static final int ENVELOPE_BYTES = 64;

    /**
     * How many samples a record of at most {@code bytes} holds, at least 1 where a single sample is
     * larger.
     */
    public static int samplesIn(long bytes, SampleLayout layout) {
        return (int)
                Math.max(
                        1,
                        Math.min(
                                1 << 20,
                                (bytes - ENVELOPE_BYTES) / layout.bytesPerTravellingSample()));
    }

    /**
     * Samples {@code from} to {@code to}, the latter not included, in the type in which they are
     * stored.
     */
    public static SampleBlock encode(Samples samples, int from, int to) {
        SampleLayout layout = SampleLayout.of(samples);
        int count = to - from;
        int rowBytes = layout.featureCount() * layout.bytesPerFeature();
        byte[] features = new byte[Math.multiplyExact(count, rowBytes)];
        ByteBuffer labels =
                ByteBuffer.allocate(count * layout.bytesPerLabel()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            samples.stored(from + i, features, i * rowBytes);
            int label = samples.label(from + i);
            if (layout.bytesPerLabel() == 1) {
                labels.put((byte) label);
            } else {
                labels.putInt(label);
            }
        }
        return SampleBlock.newBuilder()
                .setType(layout.type())
                .setCount(count)
                .setFeatures(UnsafeByteOperations.unsafeWrap(features))
                .setLabels(UnsafeByteOperations.unsafeWrap(labels.array()))
                .build();
    }

    /**
     * @throws TrainingException when sizes, type, a label or a number do not fit {@code layout}
     */
    public static DecodedBlock decode(SampleBlock block, SampleLayout layout) {
        if (block.getType() != layout.type()) {
            throw new TrainingException(
                    "A block of samples has type "
                            + block.getType()
                            + " where the data set's index says "
                            + layout.type()
                            + ".");
        }
        int count = block.getCount();
        checkSize(
                "features",
                block.getFeatures(),
                count,
                (long) layout.featureCount() * layout.bytesPerFeature());
        checkSize("labels", block.getLabels(), count, layout.bytesPerLabel());
        int[] labels = new int[count];
        ByteBuffer from = block.getLabels().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            labels[i] = layout.bytesPerLabel() == 1 ? from.get() & 0xff : from.getInt();
            if (labels[i] < 0 || labels[i] >= layout.classCount()) {
                throw new TrainingException(
                        "Sample "
                                + i
                                + " of a block has the label "
                                + labels[i]
                                + "; the data set's classes go from 0 to "
                                + (layout.classCount() - 1)
                                + ".");
            }
        }
        byte[] features = block.getFeatures().toByteArray();
        if (layout.type() == SampleType.FLOAT32) {
            checkFinite(features, layout);
        }
        return new DecodedBlock(layout, features, labels);
    }

    private static void checkSize(String what, ByteString bytes, int count, long bytesEach) {
        if (count < 0 || bytes.size() != count * bytesEach) {
            throw new TrainingException(
                    "A block of "
                            + count
                            + " samples carries "
                            + bytes.size()
                            + " bytes of "
                            + what
                            + " where "
                            + count * bytesEach
                            + " are due.");
        }
    }

    private static void checkFinite(byte[] features, SampleLayout layout) {
        var floats = ByteBuffer.wrap(features).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        for (int i = 0; i < floats.limit(); i++) {
            if (!Float.isFinite(floats.get(i))) {
                throw new TrainingException(
                        "Feature "
                                + i % layout.featureCount()
                                + " of sample "
                                + i / layout.featureCount()
                                + " of a block is "
                                + floats.get(i)
                                + "; it must be finite.");
            }
        }
    }

    private SampleBlocks() {}
}
