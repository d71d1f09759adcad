package org.hermesml.core.wire;

import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.method.Method;
import org.hermesml.core.settings.Settings;

/**
 * What a push of one incarnation is made of: what its iterations moved the weights by. Whoever
 * hosts the model keeps the weights. One thread at a time.
 *
 * <p>Plain SGD moves by the learning rate times each mean gradient, so what an iteration moved,
 * divided by the rate, is the sum of its gradients. (With tail averaging, the mean of that sum over
 * the tail.)
 */
public final class LocalUpdate {
    private final UpdateForm form;
    private final double learningRate;
    private final boolean measuresNorm;
    private final Unsent unsent;

    /**
     * GRADIENT_SUM: of this incarnation, never reset, not even by a pull, as the released method
     * has it. Else empty.
     */
    private final float[] gradientSum;

    /**
     * @param measuresNorm whether {@link #moved} says how far an iteration went
     * @param unsent of this incarnation
     */
    private LocalUpdate(
            UpdateForm form,
            double learningRate,
            boolean measuresNorm,
            Unsent unsent,
            int parameterCount) {
        this.form = form;
        this.learningRate = learningRate;
        this.measuresNorm = measuresNorm;
        this.unsent = unsent;
        this.gradientSum = new float[form == UpdateForm.GRADIENT_SUM ? parameterCount : 0];
    }

    /** Of one worker in its present incarnation. */
    public static LocalUpdate of(Settings settings, Method method, Slicing slicing) {
        return new LocalUpdate(
                method.updateForm(),
                settings.get(Settings.LEARNING_RATE),
                method.pushRule().usesUpdateNorm(),
                Unsent.of(settings, method.updateForm(), slicing),
                Math.toIntExact(slicing.parameterCount()));
    }

    public UpdateForm form() {
        return form;
    }

    /**
     * Whether an earlier life of a worker can be gone on from: the released method begins its sum
     * of gradients anew with each process.
     */
    public boolean survives() {
        return form != UpdateForm.GRADIENT_SUM;
    }

    /**
     * What rounding has left so far, {@code [parameterCount]}; empty where nothing is kept. The
     * next {@link #of} changes it.
     */
    public float[] unsent() {
        return unsent.kept();
    }

    /** Goes on from what {@link #unsent} was in an earlier life. */
    public void restore(float[] unsent) {
        this.unsent.restore(unsent);
    }

    /** Whether a host keeps the weights of the newest pull for {@link #of}. */
    public boolean countsFromPull() {
        return form == UpdateForm.DELTA;
    }

    /** Whether {@link #moved} looks at weights at all. */
    public boolean looksAtIterations() {
        return measuresNorm || form == UpdateForm.GRADIENT_SUM;
    }

    /**
     * After each iteration.
     *
     * @param before the weights before it, {@code [parameterCount]}
     * @param after the weights after it, {@code [parameterCount]}
     * @return the norm of the sum of its gradients; 0 where it is not measured
     */
    public double moved(float[] before, float[] after) {
        if (!looksAtIterations()) {
            return 0;
        }
        double squares = 0;
        for (int i = 0; i < after.length; i++) {
            double gradient = (before[i] - after[i]) / learningRate;
            squares += gradient * gradient;
            if (form == UpdateForm.GRADIENT_SUM) {
                gradientSum[i] += (float) gradient;
            }
        }
        return measuresNorm ? Math.sqrt(squares) : 0;
    }

    /**
     * What a push sends, {@code [parameterCount]}. Once for each push: what its rounding leaves
     * goes with the next.
     *
     * @param weights as they are now
     * @param pulled those of the newest pull, {@code [parameterCount]}; not looked at unless {@link
     *     #countsFromPull}
     * @param into takes a delta, {@code [parameterCount]}; may be {@code weights}
     * @return one of {@code weights}, {@code into} and the sum of gradients, which the next {@link
     *     #moved} changes
     */
    public float[] of(float[] weights, float[] pulled, float[] into) {
        return switch (form) {
            case DELTA -> {
                for (int i = 0; i < into.length; i++) {
                    into[i] = weights[i] - pulled[i];
                }
                unsent.addTo(into);
                yield into;
            }
            case GRADIENT_SUM -> gradientSum;
            default -> weights;
        };
    }
}
