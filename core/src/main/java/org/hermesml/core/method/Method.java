package org.hermesml.core.method;

import org.hermesml.core.message.UpdateForm;

/**
 * A synchronisation method: when a worker pushes, what a push carries, and what the server does
 * with it.
 */
public record Method(UpdateForm updateForm, PushRule pushRule, AdmissionRule admissionRule) {

    /** Whether admission needs the server-side loss of each update itself. */
    public boolean scoresUpdates() {
        return admissionRule.scoresUpdates();
    }
}
