package org.hermesml.training.keras;

import java.util.Optional;
import org.hermesml.core.InputException;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.databind.JsonNode;

/** An optimiser of Keras as Deeplearning4j has it. */
final class KerasOptimiser {
    private static final String INSTEAD =
            "compile the model with another one, or save it with include_optimizer=False to train"
                    + " with plain SGD";

    private final String kind;
    private final JsonNode config;

    /** In place of the one of the file. */
    private final Optional<Double> givenRate;

    private KerasOptimiser(String kind, JsonNode config, Optional<Double> givenRate) {
        this.kind = kind;
        this.config = config;
        this.givenRate = givenRate;
    }

    /**
     * @param training configuration of a compiled model
     * @param givenRate in place of the file's learning rate and its decay
     * @throws InputException when it cannot be taken over
     */
    static IUpdater of(JsonNode training, Optional<Double> givenRate) {
        JsonNode optimiser = training.path("optimizer_config");
        String kind = optimiser.path("class_name").asText();
        return new KerasOptimiser(kind, optimiser.path("config"), givenRate).updater();
    }

    private IUpdater updater() {
        for (String clip : new String[] {"clipnorm", "clipvalue", "global_clipnorm"}) {
            refuse(config.hasNonNull(clip), "has " + clip);
        }
        refuse(number("weight_decay", 0) != 0, "has weight_decay");
        refuse(config.path("use_ema").asBoolean(false), "has use_ema");
        double beta1 = number("beta_1", 0.9);
        double beta2 = number("beta_2", 0.999);
        double epsilon = number("epsilon", 1e-7);
        switch (kind) {
            case "SGD":
                double momentum = number("momentum", 0);
                return decaying(momentum == 0 ? new Sgd() : new Nesterovs(momentum), 0.01);
            case "Adam":
                boolean amsgrad = config.path("amsgrad").asBoolean(false);
                return decaying(
                        amsgrad
                                ? new AMSGrad(0.001, beta1, beta2, epsilon)
                                : new Adam(0.001, beta1, beta2, epsilon),
                        0.001);
            case "Adamax":
                refuse(hasDecay(), "has decay");
                return new AdaMax(rate(0.001), beta1, beta2, epsilon);
            case "Nadam":
                refuse(number("schedule_decay", 0) != 0, "has schedule_decay");
                return new Nadam(rate(0.001), beta1, beta2, epsilon);
            case "Adagrad":
                refuse(hasDecay(), "has decay");
                return new AdaGrad(rate(0.001), epsilon);
            case "Adadelta":
                refuse(
                        hasDecay() || rate(0.001) != 1,
                        "has another learning rate than 1, and no decay is known there");
                return new AdaDelta(number("rho", 0.95), epsilon);
            case "RMSprop":
                refuse(hasDecay(), "has decay");
                refuse(number("momentum", 0) != 0, "has momentum");
                refuse(config.path("centered").asBoolean(false), "is centered");
                return new RmsProp(rate(0.001), number("rho", 0.9), epsilon);
            default:
                throw new InputException(
                        "The model's optimiser "
                                + kind
                                + " cannot be taken over: "
                                + INSTEAD
                                + ".");
        }
    }

    private double rate(double usual) {
        JsonNode own =
                config.has("learning_rate") ? config.path("learning_rate") : config.path("lr");
        refuse(
                givenRate.isEmpty() && own.isObject(),
                "has a schedule of learning rates, for which --learning-rate can stand");
        return givenRate.orElse(own.asDouble(usual));
    }

    private boolean hasDecay() {
        return givenRate.isEmpty() && number("decay", 0) != 0;
    }

    /** Keras 2: rate / (1 + decay * steps). */
    private IUpdater decaying(IUpdater updater, double usual) {
        double rate = rate(usual);
        updater.setLrAndSchedule(
                rate,
                hasDecay()
                        ? new InverseSchedule(ScheduleType.ITERATION, rate, number("decay", 0), 1)
                        : null);
        return updater;
    }

    private double number(String field, double usual) {
        return config.hasNonNull(field) ? config.path(field).asDouble(usual) : usual;
    }

    private void refuse(boolean refused, String what) {
        if (refused) {
            throw new InputException(
                    "The model's optimiser "
                            + kind
                            + " "
                            + what
                            + ", so that it cannot be taken over: "
                            + INSTEAD
                            + ".");
        }
    }
}
