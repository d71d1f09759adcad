package org.hermesml.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.core.message.BestSlice;
import org.hermesml.core.message.ModelSlice;
import org.junit.jupiter.api.Test;

class BestBanksTest {
    private final BestBanks banks = new BestBanks("r");

    private void write(String run, int bank, int slice, long version, double loss) {
        write(run, "e", bank, slice, version, loss);
    }

    private void write(
            String run, String evaluator, int bank, int slice, long version, double loss) {
        BestSlice value =
                BestSlice.newBuilder()
                        .setProtocol(1)
                        .setLoss(loss)
                        .setSlice(
                                ModelSlice.newBuilder()
                                        .setVersion(version)
                                        .setSlice(slice)
                                        .setSliceCount(2))
                        .build();
        banks.take(
                new ConsumerRecord<>(
                        "best",
                        0,
                        0,
                        BestBanks.key(run, evaluator, bank, slice).getBytes(),
                        value.toByteArray()));
    }

    @Test
    void ofTwoWholeBanksTheLowerLossCounts() {
        write("r", 0, 0, 4, 0.5);
        write("r", 0, 1, 4, 0.5);
        write("r", 1, 0, 7, 0.3);
        write("r", 1, 1, 7, 0.3);
        assertEquals(7, banks.best().orElseThrow().version());
        assertEquals(0, banks.spare("e"));
    }

    @Test
    void aBankThatWasBeingWrittenWhenItsWriterDiedDoesNotCount() {
        write("r", 0, 0, 4, 0.5);
        write("r", 0, 1, 4, 0.5);
        write("r", 1, 0, 9, 0.2);
        assertEquals(4, banks.best().orElseThrow().version());
        write("r", 1, 1, 7, 0.3);
        assertEquals(4, banks.best().orElseThrow().version());
        assertEquals(1, banks.spare("e"));
    }

    @Test
    void otherRunsDoNotMatter() {
        write("other", 0, 0, 4, 0.5);
        write("other", 0, 1, 4, 0.5);
        assertTrue(banks.best().isEmpty());
        assertEquals(0, banks.spare("e"));
    }

    @Test
    void evaluatorsOfOneRunDoNotOverwriteEachOthersBest() {
        write("r", "e", 0, 0, 4, 0.1);
        write("r", "e", 0, 1, 4, 0.1);
        write("r", "f", 0, 0, 9, 0.2);
        assertEquals(4, banks.best().orElseThrow().version());
        write("r", "f", 0, 1, 9, 0.2);
        assertEquals(4, banks.best().orElseThrow().version());
        assertEquals(1, banks.spare("e"));
        assertEquals(0, banks.spare("f"));
    }
}
