package org.hermesml.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.junit.jupiter.api.Test;

class ProtobufSerializerTest {
    private final TypeSerializer<UpdateId> serializer =
            ProtobufType.message(UpdateId.class).createSerializer(new SerializerConfigImpl());
    private final UpdateId id = UpdateId.newBuilder().setWorker("a").setSequence(9).build();

    @Test
    void aMessageComesBackAsItWent() throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(id, out);
        serializer.serialize(UpdateId.getDefaultInstance(), out);
        DataOutputSerializer copied = new DataOutputSerializer(64);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        serializer.copy(in, copied);
        serializer.copy(in, copied);

        DataInputDeserializer back = new DataInputDeserializer(copied.getCopyOfBuffer());
        assertEquals(id, serializer.duplicate().deserialize(back));
        assertEquals(UpdateId.getDefaultInstance(), serializer.deserialize(back));
        assertSame(id, serializer.copy(id), "a message never changes, so it is never copied");
    }

    @Test
    void aSnapshotRestoresTheSerializerOfItsMessage() throws Exception {
        TypeSerializerSnapshot<UpdateId> restored = writtenAndRead(serializer);
        assertEquals(serializer, restored.restoreSerializer());
        assertTrue(
                serializer
                        .snapshotConfiguration()
                        .resolveSchemaCompatibility(restored)
                        .isCompatibleAsIs());
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void theStateOfAnotherMessageIsNotTakenForThisOne() throws Exception {
        TypeSerializerSnapshot other =
                writtenAndRead(
                        ProtobufType.message(Verdict.class)
                                .createSerializer(new SerializerConfigImpl()));
        assertTrue(
                serializer
                        .snapshotConfiguration()
                        .resolveSchemaCompatibility(other)
                        .isIncompatible());
        assertFalse(serializer.equals(other.restoreSerializer()));
        assertFalse(
                ProtobufType.message(RunSpec.class).equals(ProtobufType.message(Verdict.class)));
    }

    @Test
    void aSnapshotOfAnotherFormatIsRefusedWithBothVersions() {
        IOException fault =
                assertThrows(
                        IOException.class,
                        () ->
                                new ProtobufSerializer.Snapshot<UpdateId>()
                                        .readSnapshot(
                                                2,
                                                new DataInputDeserializer(new byte[0]),
                                                getClass().getClassLoader()));
        assertTrue(fault.getMessage().contains("version 2 cannot be read here (known: 1)"));
    }

    private static <T> TypeSerializerSnapshot<T> writtenAndRead(TypeSerializer<T> of)
            throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, of.snapshotConfiguration());
        return TypeSerializerSnapshot.readVersionedSnapshot(
                new DataInputDeserializer(out.getCopyOfBuffer()),
                ProtobufSerializerTest.class.getClassLoader());
    }
}
