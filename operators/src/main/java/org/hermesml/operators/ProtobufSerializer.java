package org.hermesml.operators;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes a message as its length (int32) and its bytes. Messages are immutable, so nothing is ever
 * copied.
 *
 * @param <T> the generated message class
 */
public final class ProtobufSerializer<T extends Message> extends TypeSerializer<T> {
    private static final long serialVersionUID = 1;

    private final Class<T> type;
    private transient Parser<T> parser;

    ProtobufSerializer(Class<T> type) {
        this.type = type;
    }

    @Override
    public void serialize(T message, DataOutputView target) throws IOException {
        byte[] bytes = message.toByteArray();
        target.writeInt(bytes.length);
        target.write(bytes);
    }

    @Override
    public T deserialize(DataInputView source) throws IOException {
        byte[] bytes = new byte[source.readInt()];
        source.readFully(bytes);
        if (parser == null) {
            parser = ProtobufType.parser(type);
        }
        return parser.parseFrom(bytes);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        int length = source.readInt();
        target.writeInt(length);
        target.write(source, length);
    }

    @Override
    public T createInstance() {
        return ProtobufType.defaultInstance(type);
    }

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public TypeSerializer<T> duplicate() {
        return new ProtobufSerializer<>(type);
    }

    @Override
    public T copy(T message) {
        return message;
    }

    @Override
    public T copy(T message, T reuse) {
        return message;
    }

    @Override
    public T deserialize(T reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ProtobufSerializer<?> other && other.type == type;
    }

    @Override
    public int hashCode() {
        return type.hashCode();
    }

    @Override
    public TypeSerializerSnapshot<T> snapshotConfiguration() {
        return new Snapshot<>(type);
    }

    /** Remembers the message class; its fields evolve by protobuf's rules. */
    public static final class Snapshot<T extends Message> implements TypeSerializerSnapshot<T> {
        private static final int VERSION = 1;

        private Class<T> type;

        /** For Flink, which then calls {@link #readSnapshot}. */
        public Snapshot() {}

        Snapshot(Class<T> type) {
            this.type = type;
        }

        @Override
        public int getCurrentVersion() {
            return VERSION;
        }

        @Override
        public void writeSnapshot(DataOutputView out) throws IOException {
            out.writeUTF(type.getName());
        }

        @Override
        @SuppressWarnings("unchecked")
        public void readSnapshot(int version, DataInputView in, ClassLoader classLoader)
                throws IOException {
            if (version != VERSION) {
                throw new IOException(
                        "State of serializer version "
                                + version
                                + " cannot be read here (known: "
                                + VERSION
                                + "); restore it with the release that wrote it.");
            }
            String name = in.readUTF();
            try {
                type = (Class<T>) Class.forName(name, true, classLoader);
            } catch (ClassNotFoundException e) {
                throw new IOException(
                        "State holds messages of type "
                                + name
                                + ", which this release does not have.",
                        e);
            }
        }

        @Override
        public TypeSerializer<T> restoreSerializer() {
            return new ProtobufSerializer<>(type);
        }

        @Override
        public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
                TypeSerializerSnapshot<T> older) {
            boolean same = older instanceof Snapshot<T> other && other.type == type;
            return same
                    ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                    : TypeSerializerSchemaCompatibility.incompatible();
        }
    }
}
