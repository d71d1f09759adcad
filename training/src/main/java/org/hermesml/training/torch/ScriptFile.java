package org.hermesml.training.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipOutputStream;
import org.hermesml.training.torch.ScriptLayer.Kind;
import org.hermesml.training.torch.ScriptLayer.Tensor;

/**
 * Writes layers, one after the other, as the TorchScript file that {@code torch.jit.script} would
 * make of an {@code nn.Sequential}: code as text, structure as a pickle, one file for each tensor.
 */
final class ScriptFile {
    private static final String ROOT = "model/";
    private static final String MODULE = "__torch__.hermes";

    /** {@code ()}, pickled. */
    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

    static byte[] write(List<ScriptLayer> layers) {
        List<byte[]> tensors = new ArrayList<>();
        Pickle structure = structure(layers, tensors);
        Map<String, byte[]> parts = new LinkedHashMap<>();
        parts.put("data.pkl", structure.bytes());
        parts.put("code/__torch__/hermes.py", text(code(layers)));
        for (int i = 0; i < tensors.size(); i++) {
            parts.put("data/" + i, tensors.get(i));
        }
        parts.put("constants.pkl", NO_CONSTANTS);
        parts.put("version", text("3\n"));
        parts.put("byteorder", text("little"));
        return zip(parts);
    }

    private static Pickle structure(List<ScriptLayer> layers, List<byte[]> tensors) {
        Pickle pickle = new Pickle();
        pickle.object(MODULE, "Sequential").text("training").yes();
        for (int i = 0; i < layers.size(); i++) {
            pickle.text("layer" + i).object(MODULE, "Layer" + i).text("training").yes();
            for (Tensor tensor : layers.get(i).tensors()) {
                pickle.text(tensor.name());
                pickle.tensor(
                        tensor.values() == null ? "LongStorage" : "FloatStorage",
                        tensors.size(),
                        tensor.shape(),
                        tensor.kind() == Kind.PARAMETER);
                tensors.add(bytes(tensor.values()));
            }
            pickle.build();
        }
        return pickle.build();
    }

    private static String code(List<ScriptLayer> layers) {
        StringBuilder code = new StringBuilder();
        StringBuilder calls = new StringBuilder();
        StringBuilder attributes = new StringBuilder("  training : bool\n");
        for (int i = 0; i < layers.size(); i++) {
            ScriptLayer layer = layers.get(i);
            code.append("class Layer" + i + "(Module):\n");
            code.append("  __parameters__ = [" + names(layer, Kind.PARAMETER) + "]\n");
            code.append("  __buffers__ = [" + names(layer, Kind.BUFFER) + "]\n");
            code.append("  training : bool\n");
            layer.tensors().forEach(t -> code.append("  " + t.name() + " : Tensor\n"));
            code.append(forward("Layer" + i));
            layer.code().forEach(line -> code.append("    " + line + "\n"));
            attributes.append("  layer" + i + " : " + MODULE + ".Layer" + i + "\n");
            String from = i == 0 ? "input" : "x" + (i - 1);
            calls.append("    x" + i + " = (self.layer" + i + ").forward(" + from + ", )\n");
        }
        code.append("class Sequential(Module):\n  __parameters__ = []\n  __buffers__ = []\n");
        code.append(attributes).append(forward("Sequential")).append(calls);
        return code.append("    return x" + (layers.size() - 1) + "\n").toString();
    }

    private static String forward(String type) {
        return "  def forward(self: " + MODULE + "." + type + ",\n    input: Tensor) -> Tensor:\n";
    }

    private static String names(ScriptLayer layer, Kind kind) {
        StringBuilder names = new StringBuilder();
        layer.tensors().stream()
                .filter(t -> t.kind() == kind)
                .forEach(t -> names.append("\"" + t.name() + "\", "));
        return names.toString();
    }

    private static byte[] bytes(float[] values) {
        int size = values == null ? Long.BYTES : Float.BYTES * values.length;
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        if (values != null) {
            bytes.asFloatBuffer().put(values);
        }
        return bytes.array();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] zip(Map<String, byte[]> parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> part : parts.entrySet()) {
                TorchZip.put(out, ROOT + part.getKey(), part.getValue(), bytes.size());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private ScriptFile() {}
}
