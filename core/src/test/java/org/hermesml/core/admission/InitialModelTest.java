package org.hermesml.core.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AdmissionState;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.Ticket;
import org.hermesml.core.state.VerdictLogState;
import org.junit.jupiter.api.Test;

class InitialModelTest {
    private static final RunSpec SPEC =
            RunSpec.newBuilder()
                    .setRun("r")
                    .setParameterCount(4)
                    .putAllSettings(Settings.of(Map.of("shards", "1", "min_workers", "1")).toMap())
                    .build();

    @Test
    void aRunWhoseInitialModelIsRefusedEndsInsteadOfWaitingForItForEver() {
        Admission admission = new Admission(SPEC);
        RunEvent damaged =
                RunEvent.newBuilder()
                        .setRun("r")
                        .setTicket(
                                Ticket.newBuilder()
                                        .setRun("r")
                                        .setId(UpdateIds.INITIAL)
                                        .setForm(UpdateForm.WEIGHTS)
                                        .setSliceCount(1)
                                        .setCount(4)
                                        .setFault("slice 0 holds NaN or infinity"))
                        .build();
        Admission.Outcome refused = admission.apply(Admission.empty(), damaged, 1_000);
        assertEquals(1, refused.verdicts().size());
        assertTrue(refused.verdicts().get(0).hasRefused());

        AdmissionState state = refused.state();
        VerdictLog.Step step =
                VerdictLog.apply(VerdictLogState.getDefaultInstance(), refused.verdicts().get(0));
        RunEvent readBack = RunEvent.newBuilder().setRun("r").setVerdict(step.entry()).build();
        List<Verdict> last = admission.apply(state, readBack, 1_001).verdicts();
        assertEquals(1, last.size());
        assertEquals(EndReason.FAILED, last.get(0).getEnd().getReason());
        assertEquals(-1, last.get(0).getEnd().getBestVersion());
    }
}
