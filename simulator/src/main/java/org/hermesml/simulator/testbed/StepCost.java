package org.hermesml.simulator.testbed;

import org.hermesml.core.BuiltIns;

/**
 * How much dearer a model's mini-batch step is than the one that test beds state, which is that of
 * the built-in mlp on images of 28x28. A larger model takes longer for each sample by far more than
 * for the rest of a step, so there are two factors.
 *
 * @param fixedFactor of the part of a step that does not depend on its samples
 * @param perSampleFactor of the part for each sample
 */
public record StepCost(double fixedFactor, double perSampleFactor) {
    private static final StepCost AS_STATED = new StepCost(1, 1);

    /**
     * Measured in processor time of one thread that trains with Deeplearning4j, on 28x28x1 for mlp
     * and cnn, on 32x32x3 for alexnet: docs/simulator.md has the figures. A model from a file costs
     * what the test bed states: whoever simulates it writes a test bed for it.
     *
     * @param nameOrPath as a model is named everywhere
     */
    public static StepCost of(String nameOrPath) {
        return switch (nameOrPath) {
            case BuiltIns.CNN -> new StepCost(1.3, 9);
            case BuiltIns.ALEXNET -> new StepCost(8.5, 58);
            default -> AS_STATED;
        };
    }

    /** The same devices with steps of this cost. */
    public TestBed on(TestBed bed) {
        if (equals(AS_STATED)) {
            return bed;
        }
        EvaluatorSite site = bed.evaluator();
        return new TestBed(
                bed.name(),
                bed.description(),
                bed.server(),
                new EvaluatorSite(
                        site.stepFixedMs() * fixedFactor,
                        site.stepPerSampleMs() * perSampleFactor,
                        site.link()),
                bed.devices().stream().map(this::on).toList());
    }

    private Device on(Device device) {
        return device.withStep(
                device.stepFixedMs() * fixedFactor, device.stepPerSampleMs() * perSampleFactor);
    }
}
