package org.hermesml.edge;

import org.hermesml.training.Engine;
import org.hermesml.training.EngineTerms;
import org.hermesml.training.Engines;
import org.hermesml.training.ModelDefinition;

/** Opens the model of a run. */
public final class RunEngine {
    /**
     * @throws RunFault when the definition is not the model that the run's specification names
     */
    public static Engine open(ModelDefinition definition, long parameterCount, EngineTerms terms) {
        Engine engine = Engines.open(definition, terms);
        if (engine.parameterCount() != parameterCount) {
            int found = engine.parameterCount();
            engine.close();
            throw new RunFault(
                    "The run's model has "
                            + found
                            + " parameters, its specification says "
                            + parameterCount
                            + "; publish the run again.");
        }
        return engine;
    }

    private RunEngine() {}
}
