package org.hermesml.training.keras;

import static org.bytedeco.hdf5.global.hdf5.H5F_ACC_RDONLY;
import static org.bytedeco.hdf5.global.hdf5.H5F_ACC_RDWR;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.hdf5.Attribute;
import org.bytedeco.hdf5.DataSet;
import org.bytedeco.hdf5.DataSpace;
import org.bytedeco.hdf5.DataType;
import org.bytedeco.hdf5.Exception;
import org.bytedeco.hdf5.Group;
import org.bytedeco.hdf5.H5File;
import org.bytedeco.hdf5.PredType;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * As much of an HDF5 file as the layout of Keras needs: texts beside groups, and float arrays. The
 * library throws RuntimeException for whatever is damaged or absent. One thread at a time, one file
 * at a time.
 */
final class Hdf5File implements AutoCloseable {
    private final H5File file;

    private Hdf5File(H5File file) {
        this.file = file;
    }

    /**
     * @throws RuntimeException when it is no whole HDF5 file
     */
    static Hdf5File open(Path path, boolean writable) {
        // the library would tell its own stack on standard error
        Exception.dontPrint();
        return new Hdf5File(
                new H5File(path.toString(), writable ? H5F_ACC_RDWR() : H5F_ACC_RDONLY()));
    }

    /**
     * @param path of the group, {@code /} for the file itself
     */
    boolean has(String path, String attribute) {
        try (Group group = file.openGroup(path)) {
            return group.attrExists(attribute);
        }
    }

    boolean hasGroup(String path) {
        return file.nameExists(path);
    }

    /** An attribute with one text. */
    String text(String path, String attribute) {
        return texts(path, attribute).get(0);
    }

    /** An attribute with a list of texts, of one length or of many. */
    List<String> texts(String path, String attribute) {
        try (Group group = file.openGroup(path);
                Attribute read = group.openAttribute(attribute);
                DataSpace space = read.getSpace();
                DataType type = read.getDataType()) {
            int count = Math.toIntExact(space.getSimpleExtentNpoints());
            List<String> texts = new ArrayList<>();
            if (type.isVariableStr()) {
                try (PointerPointer<BytePointer> pointers = new PointerPointer<>(count)) {
                    read.read(type, pointers);
                    for (int i = 0; i < count; i++) {
                        texts.add(pointers.getString(i, StandardCharsets.UTF_8));
                    }
                }
                return texts;
            }
            int size = Math.toIntExact(type.getSize());
            byte[] bytes = new byte[count * size];
            try (BytePointer pointer = new BytePointer((long) bytes.length)) {
                // as bytes: the other form of this call reads a text that ends at its first zero
                read.read(type, (Pointer) pointer);
                pointer.get(bytes);
            }
            for (int i = 0; i < count; i++) {
                texts.add(padded(bytes, i * size, size));
            }
            return texts;
        }
    }

    private static String padded(byte[] bytes, int first, int size) {
        int length = 0;
        while (length < size && bytes[first + length] != 0) {
            length++;
        }
        return new String(bytes, first, length, StandardCharsets.UTF_8);
    }

    /** Lengths of an array's dimensions; none for a single number. */
    int[] shape(String path) {
        try (DataSet array = file.openDataSet(path);
                DataSpace space = array.getSpace()) {
            long[] shape = new long[space.getSimpleExtentNdims()];
            if (shape.length > 0) {
                space.getSimpleExtentDims(shape);
            }
            int[] sizes = new int[shape.length];
            for (int i = 0; i < sizes.length; i++) {
                sizes[i] = Math.toIntExact(shape[i]);
            }
            return sizes;
        }
    }

    /**
     * Replaces an array, last dimension fastest.
     *
     * @param values as many as the array has
     */
    void write(String path, float[] values) {
        try (DataSet array = file.openDataSet(path);
                FloatPointer pointer = new FloatPointer(values);
                DataType type = new DataType(PredType.NATIVE_FLOAT())) {
            array.write(pointer, type);
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
