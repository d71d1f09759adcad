package org.hermesml.cli.soak;

import java.util.concurrent.atomic.LongAdder;

/** What was sent and answered so far. Any thread. */
final class Traffic {
    final LongAdder runs = new LongAdder();
    final LongAdder realRuns = new LongAdder();
    final LongAdder iterations = new LongAdder();
    final LongAdder pushes = new LongAdder();
    final LongAdder admitted = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder bad = new LongAdder();
}
