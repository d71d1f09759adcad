package org.hermesml.simulator.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DirectivesTest {
    private static final double MBIT = 8; // 1,000 ns a byte
    private static final long LATENCY_NS = 5_000;

    private final Lane server = new Lane(800);
    private final Directives topic = new Directives(server);

    @Test
    void whatIsOverheardOccupiesALineAsIfChargedRecordByRecord() {
        for (long seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Directives directives = new Directives(new Lane(800));
            Lane lazy = new Lane(MBIT);
            Lane eager = new Lane(MBIT);
            Reader reader = directives.reader(lazy, MBIT, 0);
            reader.follow(0);
            long now = 0;
            long read = 0;
            for (int i = 0; i < 300; i++) {
                now += random.nextLong(250_000);
                long bytes = 1 + random.nextLong(200);
                switch (random.nextInt(8)) {
                    case 0 -> assertEquals(eager.freeNs(), lazy.freeNs());
                    case 1 -> {
                        lazy.occupy(now, bytes);
                        eager.occupy(now, bytes);
                    }
                    case 2 -> directives.write(bytes, reader, now);
                    default -> {
                        directives.write(bytes, null, now);
                        eager.occupy(now, bytes);
                        read += bytes;
                    }
                }
            }
            assertEquals(eager.freeNs(), lazy.freeNs());
            assertEquals(read, reader.overheardBytes());
        }
    }

    @Test
    void theServersLineCarriesARecordToEveryReaderButTheOneThatItIsFor() {
        Reader[] readers = new Reader[5];
        for (int i = 0; i < readers.length; i++) {
            readers[i] = topic.reader(new Lane(MBIT), MBIT, LATENCY_NS);
            readers[i].follow(0);
        }
        readers[4].leave();
        topic.write(100, readers[0], 0);
        assertEquals(3 * 100 * 10, server.freeNs());
        assertEquals(0, readers[0].overheardBytes());
        assertEquals(100, readers[1].overheardBytes());
        assertEquals(0, readers[4].overheardBytes());
    }

    @Test
    void whoIsNotThereOverhearsNothing() {
        Reader reader = topic.reader(new Lane(MBIT), MBIT, LATENCY_NS);
        topic.write(10, null, 0);
        reader.follow(1);
        topic.write(100, null, 2);
        reader.leave();
        topic.write(1_000, null, 3);
        reader.follow(4);
        topic.write(10_000, null, 5);
        assertEquals(10_100, reader.overheardBytes());
    }

    @Test
    void aReaderKnowsTheNewestVersionWhoseAnnouncementHasComeToIt() {
        Reader near = topic.reader(new Lane(MBIT), MBIT, 1_000);
        Reader far = topic.reader(new Lane(MBIT), MBIT, 500_000);
        near.follow(0);
        far.follow(0);
        for (int version = 1; version <= 20; version++) {
            topic.announce(new Inbox.Version(version, null), 50, version * 100_000L);
        }
        assertEquals(20, near.newest(2_051_000).version());
        assertEquals(19, near.newest(2_050_999).version());
        assertEquals(15, far.newest(2_050_000).version());
        Reader late = topic.reader(new Lane(MBIT), MBIT, 0);
        late.follow(1_950_000);
        assertNull(late.newest(2_000_000));
        assertSame(near.newest(3_000_000), late.newest(3_000_000));
    }
}
