package org.hermesml.core.allocation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.state.StepTime;

/**
 * What is kept of a worker's measured iterations: the newest few of each mini-batch size, so that
 * both ends of a fit stay.
 */
final class StepTimes {
    private static final int OF_EACH_SIZE = 5;
    private static final int MOST = 30;

    /**
     * @param times newest last
     * @return with the report's measurement; without it where it measured nothing
     */
    static List<StepTime> with(List<StepTime> times, IterationReport report) {
        boolean measured =
                Double.isFinite(report.getSeconds())
                        && report.getSeconds() > 0
                        && report.getSamples() > 0
                        && report.getMiniBatch() > 0
                        && report.getEpochs() > 0;
        if (!measured) {
            return times;
        }
        List<StepTime> all = new ArrayList<>(times);
        all.add(
                StepTime.newBuilder()
                        .setSeconds(report.getSeconds())
                        .setSamples(report.getSamples())
                        .setMiniBatch(report.getMiniBatch())
                        .setEpochs(report.getEpochs())
                        .build());
        LinkedList<StepTime> kept = new LinkedList<>();
        Map<Integer, Integer> seen = new HashMap<>();
        for (int i = all.size() - 1; i >= 0 && kept.size() < MOST; i--) {
            if (seen.merge(all.get(i).getMiniBatch(), 1, Integer::sum) <= OF_EACH_SIZE) {
                kept.addFirst(all.get(i));
            }
        }
        return kept;
    }

    private StepTimes() {}
}
