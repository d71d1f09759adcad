package org.hermesml.simulator.learning;

import org.hermesml.training.Samples;
import org.hermesml.training.data.SamplesView;

/** Samples as a hostile device sees them: the last class for the first, and so on. */
final class FlippedLabels extends SamplesView {
    FlippedLabels(Samples honest) {
        super(honest);
    }

    @Override
    public int label(int index) {
        return classCount() - 1 - super.label(index);
    }
}
