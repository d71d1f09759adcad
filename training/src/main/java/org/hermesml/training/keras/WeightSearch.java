package org.hermesml.training.keras;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.hermesml.core.InputException;
import org.hermesml.training.dl4j.WeightOrder;

/**
 * Finds out where an import puts each weight. No table of layers has to be right for that, now or
 * with the next release of the import.
 */
final class WeightSearch {
    /** So many numbers, each with a half added, are exact in a float. */
    private static final int DIGIT = 1 << 20;

    private final List<KerasArchive.Array> arrays;
    private final int count;
    private final int parameterCount;

    WeightSearch(List<KerasArchive.Array> arrays, int parameterCount) {
        this.arrays = arrays;
        this.count = arrays.stream().mapToInt(KerasArchive.Array::count).reduce(0, Math::addExact);
        this.parameterCount = parameterCount;
    }

    /**
     * @param file whose weights are overwritten
     * @param parameters imports that file, {@code [parameterCount]}
     * @throws InputException when a weight does not arrive as it is, or a parameter has none
     */
    WeightOrder search(Path file, Supplier<float[]> parameters) {
        int[] weightAt = new int[parameterCount];
        for (int place : count > DIGIT ? new int[] {1, DIGIT} : new int[] {1}) {
            number(file, place);
            float[] found = parameters.get();
            for (int i = 0; i < parameterCount; i++) {
                weightAt[i] = add(weightAt[i], found[i], place);
            }
        }
        return order(weightAt);
    }

    /** Minus one once it is clear that no weight lies there but a constant of the import. */
    private static int add(int known, float found, int place) {
        boolean numbered = found > 0 && found - Math.floor(found) == 0.5;
        if (!numbered && found != 0 && found != 1) {
            throw new InputException(
                    "A layer of the Keras model has no weights in its file: save the model again.");
        }
        return known < 0 || !numbered ? -1 : known + place * (int) found;
    }

    private void number(Path file, int place) {
        try (Hdf5File open = Hdf5File.open(file, true)) {
            int next = 0;
            for (KerasArchive.Array array : arrays) {
                float[] values = new float[array.count()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = next++ / place % DIGIT + 0.5f;
                }
                open.write(array.path(), values);
            }
        }
    }

    private WeightOrder order(int[] weightAt) {
        int[] positions = new int[count];
        Arrays.fill(positions, -1);
        for (int i = 0; i < weightAt.length; i++) {
            if (weightAt[i] >= 0 && weightAt[i] < count) {
                positions[weightAt[i]] = i;
            }
        }
        List<WeightOrder.Weight> weights = new ArrayList<>();
        int first = 0;
        for (KerasArchive.Array array : arrays) {
            int[] own = Arrays.copyOfRange(positions, first, first + array.count());
            if (Arrays.stream(own).anyMatch(p -> p < 0)) {
                throw new InputException(
                        "The weight '"
                                + array.name()
                                + "' of the Keras model does not arrive in the imported one: its layer cannot be"
                                + " imported.");
            }
            weights.add(WeightOrder.Weight.of(array.name(), array.shape(), own));
            first += own.length;
        }
        return new WeightOrder(weights);
    }
}
