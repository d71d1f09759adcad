package org.hermesml.edge.worker;

import org.hermesml.core.message.Progress;
import org.hermesml.edge.kafka.Connection;
import org.hermesml.edge.kafka.RecordSender;

/**
 * Sends signs of life by a connection of their own, made when the first is due: most workers never
 * need one. One thread at a time.
 */
final class SignSender implements AutoCloseable {
    private final Connection connection;
    private final ReportSender reports;
    private RecordSender sender;

    SignSender(Connection connection, ReportSender reports) {
        this.connection = connection;
        this.reports = reports;
    }

    synchronized void send(Progress progress) {
        if (sender == null) {
            sender = new RecordSender(connection.signProducer());
        }
        reports.progress(progress, sender);
    }

    @Override
    public synchronized void close() {
        if (sender != null) {
            sender.close();
        }
    }
}
