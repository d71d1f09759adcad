package org.hermesml.cli.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
    @TempDir Path dir;

    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private ChildProcess child;

    /** Says hello, complains, then lives until its standard input ends. */
    static final class Obedient {
        public static void main(String[] args) throws Exception {
            ParentWatch.start();
            System.err.println("a complaint");
            System.out.println("hello " + String.join(" ", args));
            Thread.currentThread().join();
        }
    }

    /** Lives on whatever it is asked; only force ends it. */
    static final class Stubborn {
        public static void main(String[] args) throws Exception {
            Runtime.getRuntime().addShutdownHook(new Thread(Stubborn::forever));
            System.out.println("hello");
            forever();
        }

        private static void forever() {
            while (true) {
                java.util.concurrent.locks.LockSupport.park();
            }
        }
    }

    static final class Failing {
        public static void main(String[] args) {
            System.err.println("why it failed");
            System.exit(3);
        }
    }

    /** Starts a child of its own and says its process id. */
    static final class Parent {
        public static void main(String[] args) throws Exception {
            ChildProcess child =
                    ChildCommand.java("grandchild", Path.of(args[0]))
                            .heap("16m")
                            .main(Obedient.class)
                            .start();
            System.out.println(child.pid());
            Thread.currentThread().join();
        }
    }

    private ChildCommand command(Class<?> main) {
        return ChildCommand.java("child", dir.resolve("logs/child.log"))
                .heap("32m")
                .main(main)
                .lines(said::add);
    }

    private String line() throws InterruptedException {
        String line = said.poll(60, TimeUnit.SECONDS);
        assertTrue(line != null, "the child said nothing: " + child.lastLines(5));
        return line;
    }

    @AfterEach
    void endIt() {
        if (child != null) {
            child.kill();
        }
    }

    @Test
    void outputGoesToTheReaderAndErrorsToTheLog() throws Exception {
        child = command(Obedient.class).args("big", "world").start();
        assertEquals("hello big world", line());
        assertEquals("a complaint", child.lastLines(1));
        assertTrue(child.exitCode().isEmpty());
    }

    @Test
    void closingItsInputEndsIt() throws Exception {
        child = command(Obedient.class).start();
        line();
        child.closeInput();
        assertEquals(0, child.onExit().get(60, TimeUnit.SECONDS));
    }

    @Test
    void whatDoesNotObeyIsEndedByForce() throws Exception {
        child = command(Stubborn.class).start();
        line();
        child.stop(Duration.ofMillis(100));
        assertFalse(child.isAlive());
        assertEquals(128 + 9, child.exitCode().getAsInt());
    }

    @Test
    void anEarlyEndTellsCodeAndReason() throws Exception {
        child = command(Failing.class).start();
        assertEquals(3, child.onExit().get(60, TimeUnit.SECONDS));
        assertEquals("why it failed", child.lastLines(1));
    }

    @Test
    void childrenOfAKilledParentEnd() throws Exception {
        child = command(Parent.class).args(dir.resolve("grandchild.log").toString()).start();
        ProcessHandle grandchild = ProcessHandle.of(Long.parseLong(line())).orElseThrow();
        child.kill();
        grandchild.onExit().get(60, TimeUnit.SECONDS);
    }
}
