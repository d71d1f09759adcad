package org.hermesml.operators;

import com.google.protobuf.Message;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.TypeExtractor;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.AccountEvent;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.ShardEvent;

/**
 * Flink's harness guesses how to copy what a function emits; the job states its types and never
 * guesses.
 */
final class HarnessTypes {
    static {
        List.of(
                        Directive.class,
                        ModelSlice.class,
                        RefusedRecord.class,
                        RunRecord.class,
                        Verdict.class,
                        AccountEvent.class,
                        RunEvent.class,
                        ShardEvent.class)
                .forEach(type -> TypeExtractor.registerFactory(type, Factory.class));
    }

    /**
     * Registering happens once, when this class is first touched: Flink takes each type but once.
     */
    static void register() {}

    /** Made by Flink, for any message. */
    public static final class Factory extends TypeInfoFactory<Message> {
        @Override
        @SuppressWarnings("unchecked")
        public TypeInformation<Message> createTypeInfo(
                Type type, Map<String, TypeInformation<?>> parameters) {
            return ProtobufType.message((Class<Message>) type);
        }
    }

    private HarnessTypes() {}
}
