package org.hermesml.simulator.world;

/** One worker's place in the topic of directives, which it reads from its end on. */
final class Reader {
    private final Directives topic;
    private final Lane lane;
    private final Backlog backlog;
    private final long latencyNs;
    private boolean present;
    private long sinceNs;
    private long index;
    private long beforeNs;
    private long bytesBefore;
    private long overheardBytes;

    Reader(Directives topic, Lane lane, Backlog backlog, long latencyNs) {
        this.topic = topic;
        this.lane = lane;
        this.backlog = backlog;
        this.latencyNs = latencyNs;
        lane.precededBy(this::catchUp);
    }

    boolean isPresent() {
        return present;
    }

    /** Reads from now on. */
    void follow(long nowNs) {
        if (!present) {
            present = true;
            sinceNs = nowNs;
            topic.joined(latencyNs);
            skip();
        }
    }

    /** Reads no more. */
    void leave() {
        if (present) {
            catchUp();
            present = false;
            topic.left();
        }
    }

    /** Charges what was overheard until now. */
    void catchUp() {
        if (present && index < backlog.count()) {
            lane.setFreeNs(backlog.freeNs(lane.ownFreeNs(), index, beforeNs));
            overheardBytes += topic.bytes() - bytesBefore;
            skip();
        }
    }

    /** What was written until now is charged otherwise, or to nobody. */
    void skip() {
        index = backlog.count();
        beforeNs = backlog.totalNs();
        bytesBefore = topic.bytes();
    }

    /** Bytes of all records for others, in all lives. */
    long overheardBytes() {
        catchUp();
        return overheardBytes;
    }

    /** The newest version that was announced to all and has come here; null for none. */
    Inbox.Version newest(long nowNs) {
        return topic.newest(backlog, latencyNs, sinceNs, nowNs);
    }
}
