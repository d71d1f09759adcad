package org.hermesml.operators;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Makes bad records of good ones: other bytes, or messages that say what nobody would. */
final class Mutations {
    private static final long[] WHOLES = {
        0,
        1,
        -1,
        2,
        7,
        255,
        70_000,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 53,
        1L << 60,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };
    private static final double[] DECIMALS = {
        0,
        -0.0,
        1,
        -1,
        0.5,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        1e308,
        -1e308,
        5e-324,
        1e-9,
        1e17
    };
    private static final List<String> TEXTS =
            List.of("", "a", "b", "/", "a/b", "\u001b[2J\n", "..", "\u00e4\ud83d\ude00", "0");

    private final SplittableRandom random;

    Mutations(SplittableRandom random) {
        this.random = random;
    }

    /** Bytes that need be no message at all. */
    ByteString ofBytes(ByteString good) {
        byte[] bytes = good.toByteArray();
        switch (random.nextInt(4)) {
            case 0 -> {
                bytes = new byte[random.nextInt(300)];
                random.nextBytes(bytes);
            }
            case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 2 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(50));
            default -> {
                for (int i = random.nextInt(1, 5); i > 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
        }
        return ByteString.copyFrom(bytes);
    }

    /** A message with one to three fields, at any depth, that say something else. */
    <M extends Message> M ofFields(M good) {
        Message.Builder changed = good.toBuilder();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            change(changed);
        }
        @SuppressWarnings("unchecked")
        M made = (M) changed.build();
        return made;
    }

    private void change(Message.Builder message) {
        List<FieldDescriptor> fields = message.getDescriptorForType().getFields();
        if (fields.isEmpty()) {
            return;
        }
        FieldDescriptor field = fields.get(random.nextInt(fields.size()));
        if (field.isMapField()) {
            message.clearField(field);
        } else if (field.isRepeated()) {
            if (random.nextBoolean() || field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                message.clearField(field);
            } else {
                message.addRepeatedField(field, value(field));
            }
        } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            Message.Builder inner = message.getFieldBuilder(field);
            change(inner);
        } else {
            message.setField(field, value(field));
        }
    }

    private Object value(FieldDescriptor field) {
        long whole =
                random.nextInt(4) == 0
                        ? random.nextLong(100)
                        : WHOLES[random.nextInt(WHOLES.length)];
        double decimal = DECIMALS[random.nextInt(DECIMALS.length)];
        return switch (field.getJavaType()) {
            case INT -> (int) whole;
            case LONG -> whole;
            case FLOAT -> (float) decimal;
            case DOUBLE -> decimal;
            case BOOLEAN -> random.nextBoolean();
            case STRING -> text();
            case BYTE_STRING -> ByteString.copyFrom(new byte[random.nextInt(100)]);
            case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(12));
            case MESSAGE -> throw new IllegalStateException(field.getFullName());
        };
    }

    private String text() {
        return random.nextInt(20) == 0
                ? "x".repeat(random.nextInt(100_000))
                : TEXTS.get(random.nextInt(TEXTS.size()));
    }
}
