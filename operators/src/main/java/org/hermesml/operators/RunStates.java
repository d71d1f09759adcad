package org.hermesml.operators;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * All keyed state of one function, which is forgotten at once when the run of its key ends; and the
 * mark of keys that have any.
 */
final class RunStates {
    static final ValueStateDescriptor<Boolean> PRESENT =
            new ValueStateDescriptor<>("present", Types.BOOLEAN);

    private final RuntimeContext context;
    private final List<State> all = new ArrayList<>();
    private final ValueState<Boolean> present;

    RunStates(RuntimeContext context) {
        this.context = context;
        this.present = keep(context.getState(PRESENT));
    }

    <T> ValueState<T> value(String name, TypeInformation<T> type) {
        return keep(context.getState(new ValueStateDescriptor<>(name, type)));
    }

    <T> ListState<T> list(String name, TypeInformation<T> type) {
        return keep(context.getListState(new ListStateDescriptor<>(name, type)));
    }

    <K, V> MapState<K, V> map(String name, TypeInformation<K> key, TypeInformation<V> value) {
        return keep(context.getMapState(new MapStateDescriptor<>(name, key, value)));
    }

    /** From now on the present key is one of those that have state. */
    void markPresent() throws Exception {
        if (present.value() == null) {
            present.update(true);
        }
    }

    /** Of the present key nothing stays. */
    void clear() {
        all.forEach(State::clear);
    }

    private <S extends State> S keep(S state) {
        all.add(state);
        return state;
    }
}
