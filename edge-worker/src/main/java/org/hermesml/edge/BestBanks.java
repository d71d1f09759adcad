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
 * The best versions of one run in {@code hermes.best}: each evaluator has two banks that it writes
 * in turn, so that one is whole at any time, whatever the writer dies of. Banks of their own, since
 * evaluators of one run know nothing of each other. One thread at a time.
 */
public final class BestBanks {
    private final String run;

    /** By `EVALUATOR/BANK`. */
    private final Map<String, Map<Integer, BestSlice>> banks = new TreeMap<>();

    /**
     * A whole bank.
     *
     * @param slices in order
     */
    public record Best(
            String bank, long version, double loss, double accuracy, List<ModelSlice> slices) {}

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

    public static String key(String run, String evaluator, int bank, int slice) {
        return run + "/" + bank(evaluator, bank) + "/" + slice;
    }

    private static String bank(String evaluator, int bank) {
        return evaluator + "/" + bank;
    }

    /** Records of other runs change nothing. */
    void take(ConsumerRecord<byte[], byte[]> record) {
        String[] key = new String(record.key(), StandardCharsets.UTF_8).split("/");
        if (key.length != 4 || !key[0].equals(run)) {
            return;
        }
        Map<Integer, BestSlice> bank =
                banks.computeIfAbsent(key[1] + "/" + key[2], b -> new TreeMap<>());
        int slice = Integer.parseInt(key[3]);
        if (record.value() == null) {
            bank.remove(slice);
        } else {
            bank.put(slice, Messages.read(record, BestSlice.parser(), BestSlice::getProtocol));
        }
    }

    /** The whole bank with the least loss. */
    public Optional<Best> best() {
        Best best = null;
        for (String bank : banks.keySet()) {
            Best found = whole(bank);
            if (found != null && (best == null || found.loss < best.loss)) {
                best = found;
            }
        }
        return Optional.ofNullable(best);
    }

    private Best whole(String bank) {
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

    /** The bank that {@code evaluator} may overwrite: of its own two, one that is not the best. */
    public int spare(String evaluator) {
        boolean firstIsBest = best().map(b -> b.bank.equals(bank(evaluator, 0))).orElse(false);
        return firstIsBest ? 1 : 0;
    }
}
