package org.hermesml.core.admission;

import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.state.AccountedReport;
import org.hermesml.core.state.Membership;
import org.hermesml.core.state.MembershipChange;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.WaitingWorker;

/** What comes in, in a {@link Story}. */
final class StoryEvents {
    static RunEvent.Builder event() {
        return RunEvent.newBuilder().setRun(Story.RUN);
    }

    static Membership.Builder membership(String worker, long incarnation, MembershipChange change) {
        return Membership.newBuilder()
                .setRun(Story.RUN)
                .setWorker(worker)
                .setIncarnation(incarnation)
                .setChange(change)
                .setHello(Hello.getDefaultInstance());
    }

    static AccountedReport.Builder pushing(UpdateId id, double loss) {
        return AccountedReport.newBuilder()
                .setRun(Story.RUN)
                .setWorker(id.getWorker())
                .setIncarnation(id.getIncarnation())
                .setIteration(
                        IterationReport.newBuilder()
                                .setClock(id.getSequence())
                                .setHeldOutLoss(loss)
                                .setPush(true));
    }

    static RunEvent question(UpdateId id, boolean wants) {
        return event().setReady(
                        WaitingWorker.newBuilder()
                                .setRun(Story.RUN)
                                .setWorker(id.getWorker())
                                .setIncarnation(id.getIncarnation())
                                .setClock(id.getSequence())
                                .setWants(wants))
                .build();
    }

    static Score.Builder versionScore(long version, double loss, double accuracy) {
        return Score.newBuilder()
                .setRun(Story.RUN)
                .setVersion(version)
                .setLoss(loss)
                .setAccuracy(accuracy);
    }

    private StoryEvents() {}
}
