package org.hermesml.training.torch;

import static org.hermesml.training.torch.TorchNets.SHAPE;
import static org.hermesml.training.torch.TorchNets.open;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.hermesml.training.Engine;
import org.hermesml.training.Samples;
import org.hermesml.training.TestData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that torch wrote, with what it said of one image. */
class RealTorchFilesTest {
    @ParameterizedTest
    @ValueSource(strings = {"mlp", "cnn"})
    void aFileOfTorchGivesTheLogitsThatTorchNoted(String name) throws IOException {
        Path folder = TestData.file("pytorch");
        double[] expected =
                Files.readAllLines(folder.resolve("expected.txt")).stream()
                        .filter(line -> line.startsWith(name + " "))
                        .flatMap(line -> Arrays.stream(line.split(" ")).skip(1))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
        byte[] bytes = Files.readAllBytes(folder.resolve(name + ".pt"));
        assertArrayEquals(expected, logits(bytes), 2e-6);
    }

    /** Of the one image that expected.txt speaks of. */
    private static double[] logits(byte[] file) {
        try (Engine engine = open(file)) {
            float[] logits = ((TorchEngine) engine).outputs(new Ramp(), 0);
            return IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).toArray();
        }
    }

    /** One image whose pixels rise from 0 to 1. */
    private record Ramp() implements Samples {
        @Override
        public int count() {
            return 1;
        }

        @Override
        public int[] featureShape() {
            return SHAPE;
        }

        @Override
        public int classCount() {
            return 10;
        }

        @Override
        public void features(int index, float[] into, int offset) {
            for (int i = 0; i < 784; i++) {
                into[offset + i] = i / 783f;
            }
        }

        @Override
        public int label(int index) {
            return 0;
        }
    }
}
