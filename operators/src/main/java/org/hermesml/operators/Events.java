package org.hermesml.operators;

import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.ShardEvent;
import org.hermesml.core.state.SliceAddress;
import org.hermesml.core.state.Ticket;

/** Wraps what happens into the events that operators exchange. */
public final class Events {
    public static RunEvent of(Ticket ticket) {
        return RunEvent.newBuilder().setRun(ticket.getRun()).setTicket(ticket).build();
    }

    public static RunEvent of(Score score) {
        return RunEvent.newBuilder().setRun(score.getRun()).setScore(score).build();
    }

    public static RunEvent of(NumberedVerdict entry) {
        return RunEvent.newBuilder().setRun(entry.getVerdict().getRun()).setVerdict(entry).build();
    }

    public static RunEvent of(SliceAddress slice) {
        return RunEvent.newBuilder().setRun(slice.getRun()).setSlice(slice).build();
    }

    /** The job could not write to a topic of the run since somebody has removed it. */
    public static RunEvent topicGone(String run, String topic) {
        return RunEvent.newBuilder().setRun(run).setTopicGone(topic).build();
    }

    public static RunEvent stopRequested(String run) {
        return RunEvent.newBuilder().setRun(run).setStopRequested(true).build();
    }

    public static RunEvent resumed(String run, long life) {
        return RunEvent.newBuilder().setRun(run).setResumed(life).build();
    }

    public static RunEvent clockTick(String run) {
        return RunEvent.newBuilder().setRun(run).setClockTick(true).build();
    }

    public static ShardEvent forShard(NumberedVerdict entry, int shard) {
        return ShardEvent.newBuilder()
                .setRun(entry.getVerdict().getRun())
                .setShard(shard)
                .setVerdict(entry)
                .build();
    }

    static ShardEvent forgotten(String run, int shard, UpdateId id) {
        return ShardEvent.newBuilder().setRun(run).setShard(shard).setForgotten(id).build();
    }

    private Events() {}
}
