package org.hermesml.training.dense;

/**
 * What a hidden layer does with its sums. Only arithmetic with one possible result is used, so that
 * every machine computes the same bits.
 */
public enum Activation {
    IDENTITY {
        @Override
        void apply(float[] values) {}

        @Override
        void chain(float[] errors, float[] outputs) {}
    },
    RELU {
        @Override
        void apply(float[] values) {
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.max(0f, values[i]);
            }
        }

        @Override
        void chain(float[] errors, float[] outputs) {
            for (int i = 0; i < errors.length; i++) {
                errors[i] = outputs[i] > 0 ? errors[i] : 0;
            }
        }
    },
    TANH {
        @Override
        void apply(float[] values) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) StrictMath.tanh(values[i]);
            }
        }

        @Override
        void chain(float[] errors, float[] outputs) {
            for (int i = 0; i < errors.length; i++) {
                errors[i] *= 1 - outputs[i] * outputs[i];
            }
        }
    },
    SIGMOID {
        @Override
        void apply(float[] values) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (1 / (1 + StrictMath.exp(-values[i])));
            }
        }

        @Override
        void chain(float[] errors, float[] outputs) {
            for (int i = 0; i < errors.length; i++) {
                errors[i] *= outputs[i] * (1 - outputs[i]);
            }
        }
    };

    /** Replaces sums by outputs. NaN stays NaN. */
    abstract void apply(float[] values);

    /** Replaces errors of the outputs by errors of the sums. */
    abstract void chain(float[] errors, float[] outputs);
}
