package org.hermesml.edge.worker;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.hermesml.core.Protocol;
import org.hermesml.core.message.Goodbye;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.Progress;
import org.hermesml.core.message.Ready;
import org.hermesml.core.message.Report;
import org.hermesml.core.wire.Topics;
import org.hermesml.edge.kafka.RecordSender;

/** Sends the reports of one worker in one run. One thread at a time. */
final class ReportSender {
    private final RecordSender sender;
    private final Topics topics;
    private final String run;
    private final String worker;
    private final AtomicLong bytes;
    private volatile long incarnation;

    /**
     * @param bytes grows by the bytes of all records sent
     */
    ReportSender(RecordSender sender, Topics topics, String run, String worker, AtomicLong bytes) {
        this.sender = sender;
        this.topics = topics;
        this.run = run;
        this.worker = worker;
        this.bytes = bytes;
    }

    /** Returns this worker's incarnation: the offset of the hello. */
    long hello(Hello hello) {
        incarnation = sender.send(counted(report().setHello(hello))).getOffset();
        return incarnation;
    }

    void iteration(IterationReport iteration) {
        sender.send(counted(report().setIteration(iteration)));
    }

    void ready(long clock, boolean wants) {
        Ready ready = Ready.newBuilder().setClock(clock).setWants(wants).build();
        sender.send(counted(report().setReady(ready)));
    }

    /**
     * A sign of life, through a sender of its own; may get lost.
     *
     * @param signs on whose thread this is called
     */
    void progress(Progress progress, RecordSender signs) {
        signs.attempt(counted(report().setProgress(progress)));
    }

    /** Tried for a second: whoever leaves does not wait for a broker. */
    void goodbye(String reason) {
        goodbye(Goodbye.newBuilder().setReason(reason));
    }

    /** A goodbye because training gave NaN. */
    void diverged(String reason) {
        goodbye(Goodbye.newBuilder().setReason(reason).setDiverged(true));
    }

    private void goodbye(Goodbye.Builder goodbye) {
        sender.attempt(counted(report().setGoodbye(goodbye)));
    }

    private Report.Builder report() {
        return Report.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setRun(run)
                .setWorker(worker)
                .setIncarnation(incarnation);
    }

    private ProducerRecord<byte[], byte[]> counted(Report.Builder report) {
        ProducerRecord<byte[], byte[]> record =
                RecordSender.record(
                        topics.reports(), Topics.workerKey(run, worker), report.build());
        bytes.addAndGet(RecordSender.bytes(record));
        return record;
    }
}
