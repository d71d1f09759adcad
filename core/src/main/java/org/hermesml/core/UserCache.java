package org.hermesml.core;

import java.nio.file.Path;

/** Where Hermes keeps for a person what can be made or fetched again. */
public final class UserCache {
    private static final String OWN = "hermes";

    /** A folder of the person's cache, or where the machine keeps what may go; may be absent. */
    public static Path folder(String name) {
        String cache = System.getenv("XDG_CACHE_HOME");
        if (cache != null && !cache.isBlank()) {
            return Path.of(cache, OWN, name);
        }
        String home = System.getProperty("user.home", "");
        boolean isHome = !home.isBlank() && !home.equals("?") && Path.of(home).toFile().canWrite();
        return isHome
                ? Path.of(home, ".cache", OWN, name)
                : Path.of(System.getProperty("java.io.tmpdir"), OWN, name);
    }

    private UserCache() {}
}
