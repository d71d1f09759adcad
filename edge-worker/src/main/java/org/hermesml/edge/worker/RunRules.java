package org.hermesml.edge.worker;

import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.method.Methods;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.settings.Settings;

/**
 * The two things that a worker knows of a run's method.
 *
 * @param push when to push
 * @param form what a push sends
 */
record RunRules(PushRule push, UpdateForm form) {
    static RunRules of(Settings settings) {
        return new RunRules(Methods.of(settings).pushRule(), Methods.of(settings).updateForm());
    }
}
