package org.hermesml.core.method;

import org.hermesml.core.message.UpdateForm;

/**
 * A synchronisation method: when a worker pushes, what a push carries, and what the server does
 * with it.
 *
 * @param key in settings and on the command line
 */
public record Method(
        String key, UpdateForm updateForm, PushRule pushRule, AdmissionRule admissionRule) {

    /** Whether admission needs the server-side loss of each update itself. */
    public boolean scoresUpdates() {
        return admissionRule.scoresUpdates();
    }
}
