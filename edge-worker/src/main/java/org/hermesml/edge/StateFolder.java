package org.hermesml.edge;

import java.nio.file.Path;
import org.hermesml.core.UserCache;

/** Where workers save their state unless they are told. */
final class StateFolder {
    static Path byDefault() {
        return UserCache.folder("state");
    }

    private StateFolder() {}
}
