package org.hermesml.training.torch;

import static org.hermesml.training.torch.TorchNets.DIGITS;
import static org.hermesml.training.torch.TorchNets.OTHERS;
import static org.hermesml.training.torch.TorchNets.open;
import static org.hermesml.training.torch.TorchNets.small;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.hermesml.training.Engine;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.Engine.TrainingResult;
import org.hermesml.training.data.Shuffle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassLossTest {
    @ParameterizedTest
    @ValueSource(strings = {"logits", "logarithms", "probabilities", "columns"})
    void logitsTheirLogarithmsAndProbabilitiesAreTrainedAlike(String outputs) {
        List<ScriptLayer> layers = small();
        TrainingResult expected;
        Evaluation scored;
        try (Engine engine = open(ScriptFile.write(layers))) {
            expected = engine.train(DIGITS, Shuffle.identity(300), 2, 16, 1);
            scored = engine.evaluate(OTHERS);
        }
        switch (outputs) {
            case "logarithms" -> layers.add(ScriptLayer.logSoftmax());
            case "columns" -> layers.add(ScriptLayer.columnMajor());
            case "probabilities" -> layers.add(ScriptLayer.softmax());
            default -> {}
        }
        try (Engine engine = open(ScriptFile.write(layers))) {
            TrainingResult result = engine.train(DIGITS, Shuffle.identity(300), 2, 16, 1);
            assertEquals(expected.loss(), result.loss(), 1e-3);
            assertEquals(scored.loss(), engine.evaluate(OTHERS).loss(), 1e-3);
        }
    }
}
