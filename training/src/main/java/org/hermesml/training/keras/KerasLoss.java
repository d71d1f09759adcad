package org.hermesml.training.keras;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.hermesml.core.InputException;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * The loss of a Keras model. Class numbers (the sparse losses) and one value for each class are the
 * same thing here.
 */
enum KerasLoss {
    CATEGORICAL("categorical_crossentropy"),
    BINARY("binary_crossentropy"),
    SQUARED("mean_squared_error"),
    ABSOLUTE("mean_absolute_error"),
    DIVERGENCE("kullback_leibler_divergence");

    /** What option {@code --loss} takes. */
    static final List<String> NAMES =
            List.of(CATEGORICAL.text, BINARY.text, SQUARED.text, ABSOLUTE.text, DIVERGENCE.text);

    private final String text;

    KerasLoss(String text) {
        this.text = text;
    }

    /**
     * A loss and where it counts from.
     *
     * @param fromLogits whether the model ends in linear units that softmax or sigmoid belong on
     */
    record Chosen(KerasLoss loss, boolean fromLogits) {
        /**
         * What the model's last activation is in training here.
         *
         * @throws InputException when the loss does not go with it
         */
        IActivation activation(IActivation last) {
            boolean linear = last instanceof ActivationIdentity;
            if (fromLogits && !linear) {
                throw new InputException(
                        "The model's loss is counted from_logits, but its last activation is "
                                + last
                                + ": one of the two must go.");
            }
            switch (loss) {
                case CATEGORICAL, DIVERGENCE:
                    if (fromLogits) {
                        return new ActivationSoftmax();
                    }
                    return require(last, last instanceof ActivationSoftmax, "softmax");
                case BINARY:
                    if (fromLogits) {
                        return new ActivationSigmoid();
                    }
                    return require(last, last instanceof ActivationSigmoid, "sigmoid");
                default:
                    return last;
            }
        }

        private IActivation require(IActivation last, boolean good, String wanted) {
            if (!good) {
                throw new InputException(
                        "The model's loss "
                                + loss.text
                                + " needs "
                                + wanted
                                + " at its end, which is "
                                + last
                                + ": name another loss with --loss, one of "
                                + String.join(", ", NAMES)
                                + ".");
            }
            return last;
        }
    }

    /**
     * @throws InputException when it is none of {@link #NAMES}
     */
    static KerasLoss named(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replace("_", "");
        switch (plain) {
            case "categoricalcrossentropy", "sparsecategoricalcrossentropy":
                return CATEGORICAL;
            case "binarycrossentropy":
                return BINARY;
            case "meansquarederror", "mse":
                return SQUARED;
            case "meanabsoluteerror", "mae":
                return ABSOLUTE;
            case "kullbackleiblerdivergence", "kldivergence", "kld":
                return DIVERGENCE;
            default:
                throw new InputException(
                        "The loss '"
                                + name
                                + "' cannot be used: "
                                + String.join(", ", NAMES)
                                + " can; name one of these with --loss.");
        }
    }

    /** The one that option {@code --loss} names, for a model that ends in {@code last}. */
    static Chosen given(String name, IActivation last) {
        KerasLoss loss = named(name);
        boolean needsProbability = loss != SQUARED && loss != ABSOLUTE;
        return new Chosen(loss, needsProbability && last instanceof ActivationIdentity);
    }

    /** The one that the model was compiled with. */
    static Chosen of(JsonNode training) {
        JsonNode loss = training.path("loss");
        if (loss.isArray() && loss.size() == 1) {
            loss = loss.get(0);
        }
        if (loss.isTextual()) {
            return new Chosen(named(loss.asText()), false);
        }
        JsonNode config = loss.path("config");
        if (!loss.has("class_name")
                || config.path("label_smoothing").asDouble(0) != 0
                || training.hasNonNull("loss_weights")) {
            throw new InputException(
                    "The model's loss "
                            + loss
                            + " cannot be taken over: name one with --loss, of "
                            + String.join(", ", NAMES)
                            + ".");
        }
        String kind = loss.path("class_name").asText();
        // what tf.keras wraps around a function that was given by name
        String name = kind.equals("LossFunctionWrapper") ? config.path("name").asText() : kind;
        return new Chosen(named(name), config.path("from_logits").asBoolean(false));
    }

    /** The usual one for a model that ends so; empty where none is usual. */
    static Optional<Chosen> usual(IActivation last) {
        if (last instanceof ActivationSoftmax) {
            return Optional.of(new Chosen(CATEGORICAL, false));
        }
        if (last instanceof ActivationSigmoid) {
            return Optional.of(new Chosen(BINARY, false));
        }
        return Optional.empty();
    }

    /** Counted as in Keras: the mean over the outputs where Keras takes that. */
    ILossFunction function(long outputs) {
        return switch (this) {
            case CATEGORICAL -> new LossMCXENT();
            case BINARY ->
                    outputs == 1
                            ? new LossBinaryXENT()
                            : new LossBinaryXENT(
                                    Nd4j.valueArrayOf(
                                            new long[] {1, outputs},
                                            1.0 / outputs,
                                            DataType.FLOAT));
            case SQUARED -> new LossMSE();
            case ABSOLUTE -> new LossMAE();
            case DIVERGENCE -> new LossKLD();
        };
    }
}
