package org.hermesml.edge.evaluator;

import java.util.List;
import java.util.Optional;
import org.hermesml.core.Protocol;
import org.hermesml.core.message.BestSlice;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.edge.BestBanks;
import org.hermesml.edge.kafka.Connection;
import org.hermesml.edge.kafka.RecordSender;

/** Keeps the best version of one run in {@code hermes.best}. One thread at a time. */
final class BestWriter {
    private final RecordSender sender;
    private final String topic;
    private final String run;
    private final String evaluator;
    private double bestLoss;
    private int spare;

    /**
     * Goes on from what the topic holds: a restarted evaluator must not overwrite a better version.
     */
    BestWriter(Connection connection, RecordSender sender, String run, String evaluator) {
        this.sender = sender;
        this.topic = connection.topics().best();
        this.run = run;
        this.evaluator = evaluator;
        BestBanks banks = BestBanks.read(connection, run);
        Optional<BestBanks.Best> best = banks.best();
        this.bestLoss = best.map(BestBanks.Best::loss).orElse(Double.POSITIVE_INFINITY);
        this.spare = banks.spare(evaluator);
    }

    /**
     * Writes the version when no earlier one has a lower loss; returns once all its slices are
     * acknowledged.
     */
    void offer(List<ModelSlice> slices, double loss, double accuracy) {
        if (!(loss <= bestLoss)) {
            return;
        }
        int bank = spare;
        sender.send(
                slices.size(),
                i ->
                        RecordSender.record(
                                topic,
                                BestBanks.key(run, evaluator, bank, i),
                                BestSlice.newBuilder()
                                        .setProtocol(Protocol.VERSION)
                                        .setSlice(slices.get(i))
                                        .setLoss(loss)
                                        .setAccuracy(accuracy)
                                        .build()));
        bestLoss = loss;
        spare = 1 - bank;
    }
}
