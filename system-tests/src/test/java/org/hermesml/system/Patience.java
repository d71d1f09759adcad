package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what can only be asked for, such as the state of another process. */
final class Patience {
    static void until(String what, Duration most, Callable<Boolean> holds) throws Exception {
        long end = System.nanoTime() + most.toNanos();
        while (!holds.call()) {
            if (System.nanoTime() > end) {
                fail("waited in vain until " + what);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private Patience() {}
}
