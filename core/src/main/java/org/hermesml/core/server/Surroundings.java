package org.hermesml.core.server;

import java.util.List;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.state.NumberedVerdict;

/**
 * What a {@link RunServer} needs from its host, and tells it. Called on the server's thread, from
 * within its methods; an answer must not call the server.
 */
public interface Surroundings {
    /**
     * The values of one slice of an update whose ticket was good, as they arrived; not changed by
     * the server. Asked once the log has taken the update.
     */
    float[] values(UpdateId id, int slice);

    /**
     * A new version of the model stands.
     *
     * @param weights {@code [parameters]}; the host's to keep, never changed again
     * @return where its slices can be read, in slice order
     */
    List<RecordAddress> publish(long version, float[] weights);

    /**
     * An entry of the log was read back and applied; updates it is about are not asked for again.
     */
    void logged(NumberedVerdict entry);

    void tell(Directive directive);

    /** Something was not taken; one sentence says why. */
    void refused(String worker, String reason);

    /** Everything of the run is published: nothing more comes. */
    void ended(RunEnd end);
}
