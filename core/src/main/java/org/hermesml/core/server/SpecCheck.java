package org.hermesml.core.server;

import java.util.List;
import java.util.stream.Stream;
import org.hermesml.core.InputException;
import org.hermesml.core.account.Accounting;
import org.hermesml.core.admission.Admission;
import org.hermesml.core.allocation.AllocationRule;
import org.hermesml.core.allocation.TrainingBlocks;
import org.hermesml.core.check.Names;
import org.hermesml.core.check.Refusal;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.SampleType;
import org.hermesml.core.settings.Settings;

/**
 * Whether the rules can work by a specification at all. One that they cannot work by would end the
 * job, for all runs, again and again. Pure.
 */
public final class SpecCheck {
    /**
     * @param run that {@code spec} came with
     * @throws Refusal with one sentence when they cannot
     */
    public static void check(RunSpec spec, String run) {
        if (!spec.getRun().equals(run)) {
            throw refused(run, "its specification is of run '" + spec.getRun() + "'");
        }
        if (spec.getParameterCount() < 1 || spec.getParameterCount() > Integer.MAX_VALUE) {
            throw refused(run, "a model of " + spec.getParameterCount() + " parameters");
        }
        if (!spec.getWorkers().getNamesList().stream().allMatch(Names::isWorker)) {
            throw refused(run, "one of its workers has a name that no worker can have");
        }
        checkData(run, spec.getData());
        try {
            Settings settings = Settings.of(spec.getSettingsMap());
            new Accounting(spec);
            new Admission(spec);
            new AllocationRule(settings, TrainingBlocks.of(spec.getData()));
        } catch (InputException | ArithmeticException | IllegalArgumentException e) {
            throw refused(run, e.getMessage());
        }
    }

    private static void checkData(String run, DataIndex data) {
        if (data.getType() != SampleType.UINT8 && data.getType() != SampleType.FLOAT32) {
            throw refused(run, "samples of type " + data.getType());
        }
        if (data.getFeatureShapeList().stream().anyMatch(extent -> extent < 1)) {
            throw refused(run, "features of shape " + first(data.getFeatureShapeList()));
        }
        if (data.getClassCount() < 1) {
            throw refused(run, data.getClassCount() + " classes");
        }
        boolean blocks =
                Stream.of(
                                data.getModelList(),
                                data.getTrainingList(),
                                data.getHeldOutList(),
                                data.getTestList())
                        .flatMap(List::stream)
                        .allMatch(SpecCheck::canBe);
        if (!blocks) {
            throw refused(run, "a block of data at a place, or of a size, that cannot be");
        }
    }

    private static List<Integer> first(List<Integer> shape) {
        return shape.subList(0, Math.min(8, shape.size()));
    }

    private static boolean canBe(BlockAddress block) {
        return block.getAddress().getPartition() >= 0
                && block.getAddress().getOffset() >= 0
                && block.getCount() >= 1;
    }

    private static Refusal refused(String run, String what) {
        return new Refusal(RefusalKind.IMPOSSIBLE, "run " + run + ": " + what);
    }

    private SpecCheck() {}
}
