package org.hermesml.core.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.junit.jupiter.api.Test;

class RunNewsTest {
    private static RunRecord record(RunPhase phase, long parameters) {
        return RunRecord.newBuilder()
                .setRun("run")
                .setPhase(phase)
                .setSpec(RunSpec.newBuilder().setParameterCount(parameters))
                .build();
    }

    @Test
    void theFirstSpecificationStaysUntilTheRunIsDeleted() {
        RunRecord running = record(RunPhase.RUNNING, 7);
        assertEquals(RunNews.TAKEN, RunNews.of(null, running));
        assertEquals(RunNews.ALTERED, RunNews.of(running, record(RunPhase.RUNNING, 8)));
        assertEquals(RunNews.ALTERED, RunNews.of(running, record(RunPhase.STOPPING, 8)));
        assertEquals(RunNews.TAKEN, RunNews.of(running, record(RunPhase.STOPPING, 7)));
        RunRecord deleted = RunRecord.newBuilder().setRun("run").build();
        assertEquals(RunNews.TAKEN, RunNews.of(running, deleted));
    }

    @Test
    void aRunThatHasEndedStaysSo() {
        RunRecord ended = record(RunPhase.ENDED, 7).toBuilder().clearSpec().build();
        assertEquals(RunNews.LATE, RunNews.of(ended, record(RunPhase.RUNNING, 7)));
        assertEquals(RunNews.LATE, RunNews.of(ended, record(RunPhase.STOPPING, 7)));
        assertEquals(RunNews.TAKEN, RunNews.of(ended, ended));
    }
}
