package org.hermesml.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EdgeTaskTest {
    @Test
    void theProgramsOwnSentenceIsTheReason() {
        assertEquals(
                "Data set 'x' was not found.",
                EdgeTask.reason(
                        """
                        21:00 INFO started
                        hermes-edge-worker publish: Data set 'x' was not found.
                        21:00 INFO closing
                        """));
        assertEquals("No broker.", EdgeTask.reason("hermes-edge-worker: No broker."));
    }

    @Test
    void withoutASentenceTheLastLineThatIsNoTraceIsTheReason() {
        assertEquals(
                "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space",
                EdgeTask.reason(
                        """
                        21:00 INFO started
                        Exception in thread "main" java.lang.OutOfMemoryError: Java heap space
                        \tat java.base/java.util.Arrays.copyOf(Arrays.java:1)
                        Caused by: nothing
                        """));
        assertEquals(
                "Left run x: The training loss became NaN.",
                EdgeTask.reason(
                        "12:34:04.840 ERROR WorkerLoop Left run x: The training loss became NaN."));
        assertEquals("", EdgeTask.reason(""));
    }
}
