package org.hermesml.job;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.state.rocksdb.sstmerge.RocksDBManualCompactionOptions;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.BroadcastStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.AccountEvent;
import org.hermesml.core.state.ReceivedRecord;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.ShardEvent;
import org.hermesml.core.wire.Topics;
import org.hermesml.operators.AdmissionFunction;
import org.hermesml.operators.AllocationFunction;
import org.hermesml.operators.Keys;
import org.hermesml.operators.ListenFunction;
import org.hermesml.operators.LossWindowFunction;
import org.hermesml.operators.MergeFunction;
import org.hermesml.operators.ProtobufType;
import org.hermesml.operators.PublishFunction;
import org.hermesml.operators.Readers;
import org.hermesml.operators.RefusedFunction;
import org.hermesml.operators.Runs;
import org.hermesml.operators.SliceCheck;
import org.hermesml.operators.VerdictLogFunction;
import org.hermesml.operators.WaitingSlices;

/** The parameter server as a Flink job: many runs, one model version after the other. */
public final class HermesJob {
    /** By which it is known on a cluster, among whatever else runs there. */
    public static final String NAME = "hermes";

    private static final int SLICES_IN_FLIGHT = 64;
    private static final int WRITE_TIMEOUT_MINUTES = 5;

    private final StreamExecutionEnvironment env;
    private final KafkaIo kafka;
    private final JobSettings settings;
    private final Topics topics;

    private HermesJob(StreamExecutionEnvironment env, JobSettings settings) {
        this.env = env;
        this.kafka = new KafkaIo(settings.bootstrap());
        this.settings = settings;
        this.topics = settings.topics();
    }

    public static void main(String[] args) throws Exception {
        JobSettings settings = JobSettings.of(args);
        TopicCheck.check(settings);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        build(env, settings);
        env.execute(NAME);
    }

    /** Lays the whole pipeline into {@code env}; the same on a cluster and in a local run. */
    public static void build(StreamExecutionEnvironment env, JobSettings settings) {
        configure(env, settings);
        new HermesJob(env, settings).build();
    }

    private static void configure(StreamExecutionEnvironment env, JobSettings settings) {
        Configuration configuration = new Configuration();
        // A type that only Kryo can serialise, or state that no savepoint could find again, must
        // not start at all.
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        // A verdict passes several shuffles: the default of 100 ms for each would be most of its
        // time. Flushed after each record no thread has to wait; with a short time-out there is
        // one for each subtask and way out, which alone fill slow cores by waking up.
        configuration.set(ExecutionOptions.BUFFER_TIMEOUT, Duration.ZERO);
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        // Each checkpoint writes small files; where their keys do not overlap RocksDB never joins
        // them, and what was deleted stays in them.
        configuration.set(RocksDBManualCompactionOptions.MIN_INTERVAL, Duration.ofMinutes(1));
        configuration.set(RocksDBOptions.OPTIONS_FACTORY, BoundedManifest.class.getName());
        env.configure(configuration);
        env.setMaxParallelism(Keys.MAX_PARALLELISM);
        env.enableCheckpointing(settings.checkpointInterval().toMillis());
        if (settings.parallelism() > 0) {
            env.setParallelism(settings.parallelism());
        }
    }

    private void build() {
        String prefix = topics.prefix();

        // 1. listen: bytes become messages; what cannot be read is refused.
        SingleOutputStreamOperator<RunRecord> runRecords =
                listen(
                        topics.runs(),
                        Uids.RUNS,
                        Readers::run,
                        ProtobufType.message(RunRecord.class));
        SingleOutputStreamOperator<AccountEvent> reports =
                listen(
                        topics.reports(),
                        Uids.REPORTS,
                        Readers::report,
                        ProtobufType.message(AccountEvent.class));
        SingleOutputStreamOperator<RunEvent> scores =
                listen(
                        topics.scores(),
                        Uids.SCORES,
                        Readers::score,
                        ProtobufType.message(RunEvent.class));
        SingleOutputStreamOperator<Verdict> verdicts =
                listen(
                        topics.verdicts(),
                        Uids.VERDICTS,
                        Readers::verdict,
                        ProtobufType.message(Verdict.class));
        BroadcastStream<RunRecord> runs = runRecords.broadcast(Runs.DIRECTORY);
        // Read once more for those who came to know runs later than the others: a savepoint made
        // before that has no directory for them, and its offset in this topic is past all runs.
        BroadcastStream<RunRecord> runsOfSlices =
                listen(
                                topics.runs(),
                                Uids.RUNS_OF_SLICES,
                                Readers::run,
                                ProtobufType.message(RunRecord.class))
                        .broadcast(Runs.DIRECTORY);

        // 2. check: every slice of an update gets a ticket; sound ones go on to their shard. Where
        // the run is not known yet they wait, and then go the same ways.
        SingleOutputStreamOperator<ShardEvent> checked =
                received(topics.updates(), Uids.UPDATES)
                        .connect(runsOfSlices)
                        .process(new SliceCheck(), ProtobufType.message(ShardEvent.class))
                        .name("check slices")
                        .uid(Uids.SLICE_CHECK);
        SingleOutputStreamOperator<ShardEvent> waited =
                checked.getSideOutput(SliceCheck.UNKNOWN)
                        .keyBy(WaitingSlices::runOf, Types.STRING)
                        .connect(runsOfSlices)
                        .process(new WaitingSlices(), ProtobufType.message(ShardEvent.class))
                        .name("slices of unknown runs")
                        .uid(Uids.WAITING_SLICES);
        DataStream<ShardEvent> slices = checked.union(waited);
        DataStream<RunEvent> tickets =
                checked.getSideOutput(SliceCheck.TICKETS)
                        .union(waited.getSideOutput(SliceCheck.TICKETS));

        // 4b. read the verdict log back: its order numbers the versions.
        SingleOutputStreamOperator<RunEvent> log =
                verdicts.keyBy(Verdict::getRun, Types.STRING)
                        .connect(runs)
                        .process(new VerdictLogFunction(), ProtobufType.message(RunEvent.class))
                        .name("number verdicts")
                        .uid(Uids.VERDICT_LOG);

        // 3. account: each worker's loss window, re-checked pushes, silence.
        SingleOutputStreamOperator<RunEvent> accounted =
                reports.union(log.getSideOutput(VerdictLogFunction.SETTLED))
                        .keyBy(
                                event -> Keys.worker(event.getRun(), event.getWorker()),
                                Types.STRING)
                        .connect(runs)
                        .process(
                                new LossWindowFunction(topics.reports()),
                                ProtobufType.message(RunEvent.class))
                        .name("keep loss windows")
                        .uid(Uids.LOSS_WINDOW);

        // 4a. decide: verdicts are appended to the log and count once they are read back.
        SingleOutputStreamOperator<Verdict> decided =
                accounted
                        .union(tickets, scores, log)
                        .keyBy(RunEvent::getRun, Types.STRING)
                        .connect(runs)
                        .process(new AdmissionFunction(), ProtobufType.message(Verdict.class))
                        .name("decide on updates")
                        .uid(Uids.ADMISSION);
        decided.sinkTo(kafka.sink(v -> new Topics(prefix).verdicts(), Verdict::getRun))
                .name("verdict log")
                .uid(Uids.VERDICT_SINK);

        // 5. merge: slices meet their verdicts, parameters move in log order.
        SingleOutputStreamOperator<ModelSlice> versions =
                slices.union(
                                log.getSideOutput(VerdictLogFunction.TO_SHARDS),
                                decided.getSideOutput(AdmissionFunction.FORGOTTEN))
                        .keyBy(event -> Keys.shard(event.getRun(), event.getShard()), Types.STRING)
                        .connect(runs)
                        .process(new MergeFunction(), ProtobufType.message(ModelSlice.class))
                        .name("merge shards")
                        .uid(Uids.MERGE);

        // 6. publish: slices first, then the word of where they lie.
        DataStream<RunEvent> written =
                AsyncDataStream.unorderedWait(
                                versions,
                                new ModelWriter(settings.bootstrap(), topics),
                                WRITE_TIMEOUT_MINUTES,
                                TimeUnit.MINUTES,
                                SLICES_IN_FLIGHT)
                        .returns(ProtobufType.message(RunEvent.class))
                        .name("write model slices")
                        .uid(Uids.MODEL_WRITER);
        SingleOutputStreamOperator<Directive> published =
                written.union(accounted, log)
                        .keyBy(RunEvent::getRun, Types.STRING)
                        .connect(runs)
                        .process(new PublishFunction(), ProtobufType.message(Directive.class))
                        .name("publish versions")
                        .uid(Uids.PUBLISH);

        // 7. allocate: training times in; blocks, samples, mini-batch and seed out.
        SingleOutputStreamOperator<Directive> allocated =
                accounted
                        .keyBy(RunEvent::getRun, Types.STRING)
                        .connect(runs)
                        .process(new AllocationFunction(), ProtobufType.message(Directive.class))
                        .name("allocate data")
                        .uid(Uids.ALLOCATION);

        published
                .union(allocated)
                .sinkTo(new DirectiveSink(settings.bootstrap(), topics))
                .name("directives")
                .uid(Uids.DIRECTIVE_SINK);
        published
                .getSideOutput(PublishFunction.ENDED)
                .sinkTo(kafka.sink(run -> new Topics(prefix).runs(), RunRecord::getRun))
                .name("ended runs")
                .uid(Uids.ENDED_SINK);
        DataStream<RefusedRecord> refused =
                runRecords
                        .getSideOutput(Runs.REFUSED)
                        .union(
                                reports.getSideOutput(Runs.REFUSED),
                                scores.getSideOutput(Runs.REFUSED),
                                verdicts.getSideOutput(Runs.REFUSED),
                                checked.getSideOutput(Runs.REFUSED),
                                waited.getSideOutput(Runs.REFUSED),
                                log.getSideOutput(Runs.REFUSED),
                                accounted.getSideOutput(Runs.REFUSED),
                                decided.getSideOutput(Runs.REFUSED),
                                versions.getSideOutput(Runs.REFUSED),
                                published.getSideOutput(Runs.REFUSED),
                                allocated.getSideOutput(Runs.REFUSED));
        refused.map(new RefusedFunction())
                .returns(ProtobufType.message(RefusedRecord.class))
                .name("count refused records")
                .uid(Uids.REFUSED_COUNT)
                .sinkTo(kafka.sink(r -> new Topics(prefix).refused(), RefusedRecord::getRun))
                .name("refused records")
                .uid(Uids.REFUSED_SINK);
    }

    private SingleOutputStreamOperator<ReceivedRecord> received(String topic, String uid) {
        SingleOutputStreamOperator<ReceivedRecord> source =
                env.fromSource(kafka.source(topic), WatermarkStrategy.noWatermarks(), topic)
                        .uid(Uids.source(uid));
        // The runs topic has one partition, and its readers nothing else to do.
        return topic.equals(topics.runs()) ? source.setParallelism(1) : source;
    }

    private <T> SingleOutputStreamOperator<T> listen(
            String topic, String uid, ListenFunction.Reader<T> reader, TypeInformation<T> type) {
        SingleOutputStreamOperator<T> listening =
                received(topic, uid)
                        .process(new ListenFunction<>(reader))
                        .returns(type)
                        .name("listen to " + uid)
                        .uid(Uids.listen(uid));
        return topic.equals(topics.runs()) ? listening.setParallelism(1) : listening;
    }
}
