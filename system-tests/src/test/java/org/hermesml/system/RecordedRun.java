package org.hermesml.system;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.VerdictLogState;
import org.hermesml.core.wire.Topics;

/** What Kafka holds of one run. Every call reads anew. */
final class RecordedRun {
    private final String bootstrap;
    private final Topics topics = new Topics(Topics.DEFAULT_PREFIX);
    private final String run;

    RecordedRun(String bootstrap, String run) {
        this.bootstrap = bootstrap;
        this.run = run;
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
        List<NumberedVerdict> entries = new ArrayList<>();
        VerdictLogState state = VerdictLog.EMPTY;
        for (Verdict verdict : verdicts()) {
            VerdictLog.Step step = VerdictLog.apply(state, verdict);
            state = step.state();
            if (!step.entry().getIgnored()) {
                entries.add(step.entry());
            }
        }
        return entries;
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
