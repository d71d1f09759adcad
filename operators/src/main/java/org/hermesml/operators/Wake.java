package org.hermesml.operators;

import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimerService;

/** The one time at which the rules want to be asked again, for each key. */
final class Wake {
    private final ValueState<Long> due;

    Wake(RunStates states) {
        this.due = states.value("wake", Types.LONG);
    }

    /**
     * In place of any time asked for before.
     *
     * @param timeMs {@link Long#MAX_VALUE} for never
     */
    void at(long timeMs, TimerService timers) throws Exception {
        Long before = due.value();
        if (before != null && before == timeMs) {
            return;
        }
        if (before != null) {
            timers.deleteProcessingTimeTimer(before);
        }
        if (timeMs == Long.MAX_VALUE) {
            due.clear();
        } else {
            due.update(timeMs);
            timers.registerProcessingTimeTimer(timeMs);
        }
    }

    /** Whether the time has come; told once. */
    boolean isDue(long nowMs) throws Exception {
        Long asked = due.value();
        if (asked == null || asked > nowMs) {
            return false;
        }
        due.clear();
        return true;
    }
}
