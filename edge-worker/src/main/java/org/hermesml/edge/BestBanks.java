package org.hermesml.edge;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.core.message.BestSlice;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.edge.kafka.Connection;
import org.hermesml.edge.kafka.Messages;
import org.hermesml.edge.kafka.TopicFollower;

/**
 * The best versions of one run in {@code hermes.best}: two banks that are written in turn, so that
 * one is whole at any time, whatever the writer dies of. One thread at a time.
 */
public final class BestBanks {
    private static final int BANKS = 2;

    private final String run;
    private final List<Map<Integer, BestSlice>> banks = List.of(new TreeMap<>(), new TreeMap<>());

    /**
     * A whole bank.
     *
     * @param slices in order
     */
    public record Best(
            int bank, long version, double loss, double accuracy, List<ModelSlice> slices) {}

    public BestBanks(String run) {
        this.run = run;
    }

    /** As the topic holds them now. */
    public static BestBanks read(Connection connection, String run) {
        BestBanks banks = new BestBanks(run);
        try (TopicFollower follower = new TopicFollower(connection)) {
            follower.addFromBeginning(connection.topics().best());
            follower.readToEnd(banks::take);
        }
        return banks;
    }

    public static String key(String run, int bank, int slice) {
        return run + "/" + bank + "/" + slice;
    }

    /** Records of other runs change nothing. */
    void take(ConsumerRecord<byte[], byte[]> record) {
        String[] key = new String(record.key(), StandardCharsets.UTF_8).split("/");
        if (key.length != 3 || !key[0].equals(run)) {
            return;
        }
        Map<Integer, BestSlice> bank = banks.get(Integer.parseInt(key[1]));
        int slice = Integer.parseInt(key[2]);
        if (record.value() == null) {
            bank.remove(slice);
        } else {
            bank.put(slice, Messages.read(record, BestSlice.parser(), BestSlice::getProtocol));
        }
    }

    /** The whole bank with the least loss. */
    public Optional<Best> best() {
        Best best = null;
        for (int bank = 0; bank < BANKS; bank++) {
            Best found = whole(bank);
            if (found != null && (best == null || found.loss < best.loss)) {
                best = found;
            }
        }
        return Optional.ofNullable(best);
    }

    private Best whole(int bank) {
        Collection<BestSlice> slices = banks.get(bank).values();
        if (slices.isEmpty()) {
            return null;
        }
        BestSlice first = slices.iterator().next();
        boolean whole =
                slices.size() == first.getSlice().getSliceCount()
                        && slices.stream()
                                .allMatch(
                                        s ->
                                                s.getSlice().getVersion()
                                                        == first.getSlice().getVersion());
        List<ModelSlice> models = slices.stream().map(BestSlice::getSlice).toList();
        return whole
                ? new Best(
                        bank,
                        first.getSlice().getVersion(),
                        first.getLoss(),
                        first.getAccuracy(),
                        models)
                : null;
    }

    /** The bank that may be overwritten: not the best one. */
    public int spare() {
        return best().map(b -> (b.bank + 1) % BANKS).orElse(0);
    }
}
