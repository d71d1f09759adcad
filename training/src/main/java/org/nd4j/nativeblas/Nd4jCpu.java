package org.nd4j.nativeblas;

/**
 * DL4J 1.0.0-M2.1 asks a class of this name whether oneDNN may be used; the class moved before that
 * release, so that the answer was always no and convolutions ran ten to twenty-five times slower.
 * This one passes the question on.
 */
public final class Nd4jCpu {
    /** Looked up by reflection, with the names it used to have. */
    public static final class Environment {
        private static final Environment INSTANCE = new Environment();

        public static Environment getInstance() {
            return INSTANCE;
        }

        public boolean isUseMKLDNN() {
            return org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu.Environment.getInstance()
                    .isUseONEDNN();
        }

        private Environment() {}
    }

    private Nd4jCpu() {}
}
