package org.hermesml.system;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.ReceivedReport;
import org.hermesml.core.state.VerdictLogState;
import org.hermesml.core.wire.Topics;

/** What Kafka holds of one run. Every call reads anew. */
final class RecordedRun {
    /**
     * A record of any topic.
     *
     * @param writtenMs by the clock of who wrote it
     */
    record Logged<T>(long writtenMs, T value) {}

    private final String bootstrap;
    private final Topics topics = new Topics(Topics.DEFAULT_PREFIX);
    private final String run;

    RecordedRun(String bootstrap, String run) {
        this.bootstrap = bootstrap;
        this.run = run;
    }

    String bootstrap() {
        return bootstrap;
    }

    String run() {
        return run;
    }

    RunSpec spec() throws InvalidProtocolBufferException {
        List<RunRecord> records = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : topic(topics.runs()).records()) {
            if (record.key().equals(run)) {
                records.add(RunRecord.parseFrom(record.value()));
            }
        }
        return records.stream().filter(RunRecord::hasSpec).findFirst().orElseThrow().getSpec();
    }

    /** The verdict log, in its order. */
    List<Verdict> verdicts() throws InvalidProtocolBufferException {
        List<Verdict> verdicts = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : topic(topics.verdicts()).records()) {
            if (record.key().equals(run)) {
                verdicts.add(Verdict.parseFrom(record.value()));
            }
        }
        return verdicts;
    }

    /** The entries of the log that count, numbered. */
    List<NumberedVerdict> counting() throws InvalidProtocolBufferException {
        return countingLogged().stream().map(Logged::value).toList();
    }

    /** As {@link #counting}, with the time of each. */
    List<Logged<NumberedVerdict>> countingLogged() throws InvalidProtocolBufferException {
        List<Logged<NumberedVerdict>> entries = new ArrayList<>();
        VerdictLogState state = VerdictLog.EMPTY;
        for (ConsumerRecord<String, byte[]> record : topic(topics.verdicts()).records()) {
            if (record.key().equals(run)) {
                VerdictLog.Step step = VerdictLog.apply(state, Verdict.parseFrom(record.value()));
                state = step.state();
                if (!step.entry().getIgnored()) {
                    entries.add(new Logged<>(record.timestamp(), step.entry()));
                }
            }
        }
        return entries;
    }

    /** In order of time, those of one worker in its order. */
    List<Logged<ReceivedReport>> reports() throws InvalidProtocolBufferException {
        List<Logged<ReceivedReport>> reports = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : topic(topics.reports()).records()) {
            if (record.key().startsWith(run + "/")) {
                RecordAddress address =
                        RecordAddress.newBuilder()
                                .setPartition(record.partition())
                                .setOffset(record.offset())
                                .build();
                ReceivedReport received =
                        ReceivedReport.newBuilder()
                                .setReport(Report.parseFrom(record.value()))
                                .setAddress(address)
                                .build();
                reports.add(new Logged<>(record.timestamp(), received));
            }
        }
        reports.sort(Comparator.comparingLong(Logged::writtenMs));
        return reports;
    }

    /** In the order of writing. */
    List<Score> scores() throws InvalidProtocolBufferException {
        List<Score> scores = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : topic(topics.scores()).records()) {
            if (record.key().equals(run)) {
                scores.add(Score.parseFrom(record.value()));
            }
        }
        return scores;
    }

    /** The version that stands; -1 before there is one. */
    long version() throws InvalidProtocolBufferException {
        List<NumberedVerdict> entries = counting();
        return entries.isEmpty() ? -1 : entries.get(entries.size() - 1).getVersion();
    }

    Optional<RunEnd> end() throws InvalidProtocolBufferException {
        return verdicts().stream().filter(Verdict::hasEnd).map(Verdict::getEnd).findFirst();
    }

    List<UpdateSlice> updateSlices() throws InvalidProtocolBufferException {
        List<UpdateSlice> slices = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : topic(topics.updates()).records()) {
            if (record.key().startsWith(run + "/")) {
                slices.add(UpdateSlice.parseFrom(record.value()));
            }
        }
        return slices;
    }

    /** Of every version, in the order of writing; a version may be there more than once. */
    List<ModelSlice> modelSlices() throws InvalidProtocolBufferException {
        List<ModelSlice> slices = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : topic(topics.models(run)).records()) {
            slices.add(ModelSlice.parseFrom(record.value()));
        }
        return slices;
    }

    /** Records of all topics that tell what became of the run: grows with whatever changes it. */
    List<Integer> sizes() throws InvalidProtocolBufferException {
        return List.of(
                verdicts().size(),
                topic(topics.models(run)).records().size(),
                topic(topics.directives(run)).records().size());
    }

    private Topic topic(String name) {
        return new Topic(bootstrap, name);
    }
}
