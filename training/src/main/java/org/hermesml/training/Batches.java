package org.hermesml.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * A native library's memory for mini-batches of one kind of samples, kept by size: a bout of
 * training has two sizes, and making such memory costs as much as a step of a small network.
 */
public final class Batches<B extends Batches.Batch> implements AutoCloseable {
    /**
     * Samples of one forward pass in an evaluation, and the numbers in them: more is no faster and
     * costs memory for every layer's output.
     */
    private static final int EVALUATED = 256;

    private static final int EVALUATED_FEATURES = 256 * 28 * 28;

    /** The mini-batch, the rest of a pass, and the same two of an evaluation. */
    private static final int KEPT_SIZES = 4;

    /** Memory for mini-batches of one size, filled again and again. */
    public interface Batch extends AutoCloseable {
        int size();

        /**
         * Takes the samples at {@code positions[first...]}; all consecutive ones from {@code first}
         * where null.
         */
        void fill(Samples samples, int[] positions, int first);

        @Override
        void close();
    }

    private final List<B> kept = new ArrayList<>();
    private int[] featureShape;
    private int classCount;
    private IntFunction<B> making;

    /** Whether it is bound to samples of this kind. */
    public boolean areFor(int[] featureShape, int classCount) {
        return this.classCount == classCount && Arrays.equals(this.featureShape, featureShape);
    }

    /**
     * From now on for samples of this kind.
     *
     * @param making makes a batch of a size
     */
    public void bind(int[] featureShape, int classCount, IntFunction<B> making) {
        close();
        this.featureShape = featureShape.clone();
        this.classCount = classCount;
        this.making = making;
    }

    /** A batch filled with the {@code count} samples at {@code positions[first...]}. */
    public B filled(Samples samples, int[] positions, int first, int count) {
        B batch = of(count);
        batch.fill(samples, positions, first);
        return batch;
    }

    /** All {@code samples} in batches of a good size for forward passes. */
    public void forEach(Samples samples, Consumer<B> pass) {
        int most = Math.min(EVALUATED, Math.max(1, EVALUATED_FEATURES / samples.featureCount()));
        for (int first = 0; first < samples.count(); first += most) {
            pass.accept(filled(samples, null, first, Math.min(most, samples.count() - first)));
        }
    }

    private B of(int size) {
        for (B batch : kept) {
            if (batch.size() == size) {
                return batch;
            }
        }
        if (kept.size() == KEPT_SIZES) {
            kept.remove(0).close();
        }
        B batch = making.apply(size);
        kept.add(batch);
        return batch;
    }

    @Override
    public void close() {
        kept.forEach(Batch::close);
        kept.clear();
    }
}
