package org.hermesml.edge;

import java.nio.file.Path;

/** Where workers save their state unless they are told. */
final class StateFolder {
    private static final Path BELOW = Path.of("hermes", "state");

    /** The user's cache, or where the machine keeps what may go. */
    static Path byDefault() {
        String cache = System.getenv("XDG_CACHE_HOME");
        if (cache != null && !cache.isBlank()) {
            return Path.of(cache).resolve(BELOW);
        }
        String home = System.getProperty("user.home", "");
        boolean isHome = !home.isBlank() && !home.equals("?") && Path.of(home).toFile().canWrite();
        return isHome
                ? Path.of(home, ".cache").resolve(BELOW)
                : Path.of(System.getProperty("java.io.tmpdir")).resolve(BELOW);
    }

    private StateFolder() {}
}
