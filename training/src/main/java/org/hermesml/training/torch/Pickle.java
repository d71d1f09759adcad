package org.hermesml.training.torch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The few words of Python's pickle language (protocol 2) that a TorchScript file is made of. */
final class Pickle {
    private static final int TRUE = 0x88;
    private static final int FALSE = 0x89;
    private static final int NEW_OBJECT = 0x81;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Pickle() {
        out.write(0x80);
        out.write(2);
    }

    /** Begins an object; its attributes follow, name and value in turn, until {@link #build}. */
    Pickle object(String module, String type) {
        global(module, type);
        out.write(')');
        out.write(NEW_OBJECT);
        out.write('}');
        out.write('(');
        return this;
    }

    Pickle build() {
        out.write('u');
        out.write('b');
        return this;
    }

    Pickle text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write('X');
        number(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    Pickle yes() {
        out.write(TRUE);
        return this;
    }

    /**
     * A whole tensor in row-major order.
     *
     * @param file number of the file with its values
     */
    Pickle tensor(String storage, int file, int[] shape, boolean needsGradient) {
        int count = 1;
        int[] strides = new int[shape.length];
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = count;
            count *= shape[i];
        }
        global("torch._utils", "_rebuild_tensor_v2");
        out.write('(');
        out.write('(');
        text("storage");
        global("torch", storage);
        text(Integer.toString(file)).text("cpu");
        whole(count);
        out.write('t');
        out.write('Q');
        whole(0);
        tuple(shape);
        tuple(strides);
        out.write(needsGradient ? TRUE : FALSE);
        global("collections", "OrderedDict");
        out.write(')');
        out.write('R');
        out.write('t');
        out.write('R');
        return this;
    }

    byte[] bytes() {
        out.write('.');
        return out.toByteArray();
    }

    private void tuple(int[] values) {
        out.write('(');
        for (int value : values) {
            whole(value);
        }
        out.write('t');
    }

    private void whole(int value) {
        out.write('J');
        number(value);
    }

    private void global(String module, String name) {
        out.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void number(int value) {
        out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }
}
