package org.hermesml.training;

/**
 * A model as it travels: its file with its initial parameters.
 *
 * @param format {@code dl4j} for a ModelSerializer zip, {@code torchscript} for a TorchScript file
 */
public record ModelDefinition(String format, byte[] bytes) {
    /** What a file with this model is called. */
    public String fileName() {
        return format.equals(Engines.TORCHSCRIPT) ? "model.pt" : "model.zip";
    }
}
