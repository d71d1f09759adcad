package org.hermesml.core.settings;

import java.util.List;

/** Values of the setting {@code engine}. */
public final class EngineNames {
    /** The fastest one that takes the model. */
    public static final String AUTO = "auto";

    public static final String DL4J = "dl4j";

    /** Plain Java: dense layers with plain SGD. */
    public static final String DENSE = "dense";

    public static final String PYTORCH = "pytorch";

    public static final List<String> ALL = List.of(AUTO, DL4J, DENSE, PYTORCH);

    private EngineNames() {}
}
