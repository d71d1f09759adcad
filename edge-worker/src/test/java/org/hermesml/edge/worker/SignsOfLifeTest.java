package org.hermesml.edge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.hermesml.core.InputException;
import org.hermesml.core.message.Activity;
import org.hermesml.core.message.Progress;
import org.junit.jupiter.api.Test;

class SignsOfLifeTest {
    private final BlockingQueue<Progress> said = new LinkedBlockingQueue<>();

    private Progress next() throws InterruptedException {
        return said.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void whoMovesShowsThatItLivesAndWhatItIsAt() throws Exception {
        try (SignsOfLife signs = new SignsOfLife(20, said::add)) {
            AtomicLong bytes = new AtomicLong();
            signs.watch(bytes::get);
            signs.doing(Activity.PULLING, 3);
            signs.start();
            bytes.set(50_000);
            Progress first = next();
            assertEquals(Activity.PULLING, first.getActivity());
            assertEquals(3, first.getClock());
            signs.doing(Activity.TRAINING, 4);
            signs.steps().incrementAndGet();
            assertEquals(Activity.TRAINING, next().getActivity());
        }
    }

    @Test
    void whoHangsIsSilent() throws Exception {
        try (SignsOfLife signs = new SignsOfLife(10, said::add)) {
            AtomicLong bytes = new AtomicLong();
            signs.watch(bytes::get);
            signs.start();
            bytes.set(50_000);
            assertNotNull(next());
            // What a client tells its broker now and then is no transfer.
            bytes.addAndGet(100);
            assertNull(said.poll(300, TimeUnit.MILLISECONDS));
        }
    }

    @Test
    void whoWaitsForTheRunToBeginHasNothingToMove() throws Exception {
        try (SignsOfLife signs = new SignsOfLife(10, said::add)) {
            signs.doing(Activity.WAITING, 0);
            signs.start();
            assertEquals(Activity.WAITING, next().getActivity());
            assertEquals(Activity.WAITING, next().getActivity());
        }
    }

    @Test
    void aSignThatGotLostIsNotTheLast() throws Exception {
        AtomicBoolean away = new AtomicBoolean(true);
        Consumer<Progress> broker =
                progress -> {
                    if (away.getAndSet(false)) {
                        throw new InputException("No broker answers.");
                    }
                    said.add(progress);
                };
        try (SignsOfLife signs = new SignsOfLife(10, broker)) {
            signs.doing(Activity.WAITING, 0);
            signs.start();
            assertNotNull(next());
        }
    }

    @Test
    void whoReportsNeedsNoOtherSign() throws Exception {
        try (SignsOfLife signs = new SignsOfLife(60_000, said::add)) {
            signs.start();
            signs.steps().incrementAndGet();
            signs.said();
            assertNull(said.poll(200, TimeUnit.MILLISECONDS));
        }
    }
}
