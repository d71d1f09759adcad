package org.hermesml.core.method;

import org.hermesml.core.message.UpdateForm;

/** A synchronisation method: a push rule, an admission rule, and what a push carries. */
public interface Method {
    /** Key in settings and on the command line. */
    String key();

    UpdateForm updateForm();

    PushRule pushRule();

    AdmissionRule admissionRule();

    /** Whether admission needs the server-side loss of each update itself. */
    default boolean scoresUpdates() {
        return false;
    }
}
