package org.hermesml.operators;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * Protobuf messages as Flink's elements and state. They evolve by protobuf's own rules, so a
 * savepoint of an older release reads as its messages do.
 *
 * @param <T> the generated message class
 */
public final class ProtobufType<T extends Message> extends TypeInformation<T> {
    private static final long serialVersionUID = 1;

    private final Class<T> type;

    private ProtobufType(Class<T> type) {
        this.type = type;
    }

    public static <T extends Message> ProtobufType<T> message(Class<T> type) {
        return new ProtobufType<>(type);
    }

    /** The parser that protoc generated for {@code type}. */
    @SuppressWarnings("unchecked")
    static <T extends Message> Parser<T> parser(Class<T> type) {
        return (Parser<T>) defaultInstance(type).getParserForType();
    }

    static <T extends Message> T defaultInstance(Class<T> type) {
        try {
            return type.cast(type.getMethod("getDefaultInstance").invoke(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " is no generated protobuf message", e);
        }
    }

    @Override
    public TypeSerializer<T> createSerializer(SerializerConfig config) {
        return new ProtobufSerializer<>(type);
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public Class<T> getTypeClass() {
        return type;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public String toString() {
        return "Protobuf<" + type.getSimpleName() + ">";
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ProtobufType<?> other && other.type == type;
    }

    @Override
    public int hashCode() {
        return type.hashCode();
    }

    @Override
    public boolean canEqual(Object o) {
        return o instanceof ProtobufType;
    }
}
