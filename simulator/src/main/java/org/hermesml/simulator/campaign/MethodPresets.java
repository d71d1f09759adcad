package org.hermesml.simulator.campaign;

import java.util.List;
import java.util.Map;

/** What each method's settings are, as its authors used it and at its best. */
public interface MethodPresets {
    List<String> methods();

    /** Settings by key; those that are missing have their defaults. */
    Map<String, String> authors(String method);

    Map<String, String> best(String method);
}
