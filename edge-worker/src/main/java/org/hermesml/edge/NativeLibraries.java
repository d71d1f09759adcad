package org.hermesml.edge;

import org.hermesml.training.NativeCache;

/** The engine's native libraries, unpacked once for all processes of this machine. */
public final class NativeLibraries {
    private static boolean prepared;

    /** To be called before anything of the engine; only the first call does something. */
    public static synchronized void prepare() {
        if (!prepared) {
            NativeCache.use(NativeCache.standard());
            prepared = true;
        }
    }

    private NativeLibraries() {}
}
