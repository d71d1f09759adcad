package org.hermesml.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hermesml.core.message.Hermes;
import org.hermesml.core.state.State;
import org.junit.jupiter.api.Test;

/**
 * Pins the bytes of every field on the wire and in state, and the number of every enum's value. A
 * line that changes means that older workers, topics and savepoints cannot be read any more: give
 * the field a new number instead. New fields and values add lines, and nothing else; the failing
 * test prints what it found.
 */
class GoldenBytesTest {
    private static final String FILE = "/golden-bytes.txt";

    @Test
    void everyFieldHasTheBytesItAlwaysHad() throws Exception {
        Map<String, String> found = new TreeMap<>();
        for (FileDescriptor file : List.of(Hermes.getDescriptor(), State.getDescriptor())) {
            for (Descriptor message : file.getMessageTypes()) {
                for (FieldDescriptor field : message.getFields()) {
                    found.put(field.getFullName(), HexFormat.of().formatHex(bytes(message, field)));
                }
            }
            for (EnumDescriptor values : file.getEnumTypes()) {
                values.getValues()
                        .forEach(
                                value ->
                                        found.put(
                                                values.getFullName() + "." + value.getName(),
                                                "" + value.getNumber()));
            }
        }
        assertEquals(lines(golden()), lines(found));
    }

    private static Map<String, String> golden() throws IOException {
        Map<String, String> golden = new TreeMap<>();
        try (InputStream in = GoldenBytesTest.class.getResourceAsStream(FILE)) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .forEach(line -> golden.put(line.split(" ")[0], line.split(" ")[1]));
        }
        return golden;
    }

    private static String lines(Map<String, String> byName) {
        StringBuilder lines = new StringBuilder();
        byName.forEach((name, hex) -> lines.append(name).append(' ').append(hex).append('\n'));
        return lines.toString();
    }

    /** The message with nothing but this field, set to a value of full width. */
    private static byte[] bytes(Descriptor message, FieldDescriptor field) {
        DynamicMessage.Builder only = DynamicMessage.newBuilder(message);
        if (field.isRepeated()) {
            only.addRepeatedField(field, value(field));
        } else {
            only.setField(field, value(field));
        }
        return only.build().toByteArray();
    }

    private static Object value(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> 300;
            case LONG -> 300L;
            case FLOAT -> 1.5f;
            case DOUBLE -> 1.5;
            case BOOLEAN -> true;
            case STRING -> "text";
            case BYTE_STRING -> ByteString.copyFromUtf8("bytes");
            case ENUM -> field.getEnumType().getValues().get(1);
            case MESSAGE -> DynamicMessage.getDefaultInstance(field.getMessageType());
        };
    }
}
