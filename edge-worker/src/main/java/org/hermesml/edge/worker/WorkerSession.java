package org.hermesml.edge.worker;

import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.core.InputException;
import org.hermesml.core.account.Patience;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.method.Method;
import org.hermesml.core.method.Methods;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.wire.LocalUpdate;
import org.hermesml.core.wire.Slicing;
import org.hermesml.edge.DeviceSettings;
import org.hermesml.edge.ModelReader;
import org.hermesml.edge.RunData;
import org.hermesml.edge.RunDirectory;
import org.hermesml.edge.RunEngine;
import org.hermesml.edge.RunFault;
import org.hermesml.edge.StopSignal;
import org.hermesml.edge.UpdateSender;
import org.hermesml.edge.kafka.Connection;
import org.hermesml.edge.kafka.Listener;
import org.hermesml.edge.kafka.Messages;
import org.hermesml.edge.kafka.RecordFetcher;
import org.hermesml.edge.kafka.RecordSender;
import org.hermesml.edge.kafka.TopicFollower;
import org.hermesml.training.AveragingEngine;
import org.hermesml.training.Engine;
import org.hermesml.training.EngineTerms;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.Samples;
import org.hermesml.training.TrainingException;
import org.hermesml.training.data.LocalSamples;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One worker's part in one run, from hello to its end. */
final class WorkerSession {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerSession.class);
    private static final int WARM_UP_SAMPLES = 512;

    private final DeviceSettings device;
    private final Connection connection;
    private final RunSpec spec;
    private final Settings settings;
    private final RunDirectory runs;
    private final RecordSender sender;
    private final StopSignal stop;

    /** Ends what waits for records of this run: those of a deleted run never come. */
    private final StopSignal reading;

    private final ByteLedger bytes = new ByteLedger();
    private final Inbox inbox;
    private final JobAnswers answers;
    private final ReportSender reports;
    private final SavedState state;

    /** Samples of this device, known before it says hello. */
    private Optional<Samples> own = Optional.empty();

    WorkerSession(
            DeviceSettings device,
            Connection connection,
            RunSpec spec,
            RunDirectory runs,
            RecordSender sender,
            StopSignal stop) {
        this.device = device;
        this.connection = connection;
        this.spec = spec;
        this.settings = Settings.of(spec.getSettingsMap());
        this.runs = runs;
        this.sender = sender;
        this.stop = stop;
        this.reading = stop.part(() -> !runs.isOpen(spec.getRun()));
        this.inbox = new Inbox(device.id());
        this.answers =
                new JobAnswers(
                        spec.getRun(),
                        inbox,
                        stop,
                        () -> runs.isOpen(spec.getRun()),
                        Patience.ms(settings));
        this.reports =
                new ReportSender(
                        sender, connection.topics(), spec.getRun(), device.id(), bytes.control());
        this.state = new SavedState(device.state(), spec, device.id());
    }

    /**
     * Returns when the run is over, with the reason.
     *
     * @throws InputException before it has said hello, when its own samples do not fit the run
     * @throws RunFault when this worker cannot go on; it has said goodbye
     * @throws Dismissed when another process has its place; it has said goodbye
     * @throws StopSignal.Stopped when the process shall end; it has said goodbye
     */
    EndReason run() throws InterruptedException {
        own = openOwn();
        TopicFollower directives = followDirectives();
        try (Listener listener = new Listener("directives", directives, this::take);
                SignSender signSender = new SignSender(connection, reports);
                SignsOfLife signs =
                        new SignsOfLife(Patience.signsEveryMs(settings), signSender::send)) {
            long incarnation = reports.hello(hello());
            inbox.open(incarnation);
            signs.start();
            LOG.info(
                    "Joined run {} ({}, {}) as incarnation {}",
                    spec.getRun(),
                    spec.getDataset(),
                    spec.getModel(),
                    incarnation);
            takePart(incarnation, signs);
        } catch (TrainingException e) {
            state.remove();
            if (e.isDivergence()) {
                reports.diverged(e.getMessage());
            } else {
                reports.goodbye(e.getMessage());
            }
            throw new RunFault(e.getMessage(), e);
        } catch (RunFault | InputException | Dismissed e) {
            reports.goodbye(e.getMessage());
            throw e;
        } catch (StopSignal.Stopped e) {
            if (stop.isRequested()) {
                reports.goodbye("The worker was stopped.");
                throw e;
            }
        }
        state.remove();
        return inbox.stop()
                .or(() -> runs.run(spec.getRun()).map(RunRecord::getEnd))
                .map(RunEnd::getReason)
                .orElse(EndReason.STOPPED);
    }

    private TopicFollower followDirectives() {
        TopicFollower directives = new TopicFollower(connection);
        try {
            directives.addFromEnd(connection.topics().directives(spec.getRun()));
            return directives;
        } catch (RuntimeException e) {
            // Tried again as long as the broker is away: each time with a consumer of its own.
            directives.close();
            throw e;
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        bytes.control().addAndGet(RecordFetcher.bytes(record));
        inbox.take(Messages.read(record, Directive.parser(), Directive::getProtocol));
    }

    private Optional<Samples> openOwn() {
        if (device.localData() == null) {
            return Optional.empty();
        }
        Samples samples =
                LocalSamples.open(device.localData(), spec.getData(), device.dataMemoryBytes());
        LOG.info("Trains on {} samples of its own, of {}", samples.count(), device.localData());
        return Optional.of(samples);
    }

    private TrainingSamples source(SignsOfLife signs) {
        if (own.isPresent()) {
            return new OwnSamples(own.get());
        }
        return new BlockStore(
                spec.getData(),
                new BlockSource(connection, reading.part(), spec, bytes, signs),
                device.dataMemoryBytes());
    }

    private Hello hello() {
        String version = WorkerSession.class.getPackage().getImplementationVersion();
        Hello.Builder hello =
                Hello.newBuilder()
                        .setLabel(device.label())
                        .setDataMemoryBytes(device.dataMemoryBytes())
                        .setVersion(version == null ? "" : version)
                        .setPlace(ProcessPlace.present());
        own.ifPresent(samples -> hello.setLocalSamples(samples.count()));
        state.read().ifPresent(s -> hello.setRestored(s.header().getRestored()));
        return hello.build();
    }

    private void takePart(long incarnation, SignsOfLife signs) throws InterruptedException {
        String dataTopic = connection.topics().data(spec.getRun());
        Method method = Methods.of(settings);
        try (RecordFetcher fetcher =
                new RecordFetcher(connection, reading, RecordFetcher.FOREVER)) {
            signs.watch(fetcher::movedBytes);
            signs.watch(sender::movedBytes);
            RunData data = new RunData(dataTopic, spec.getData(), fetcher, bytes.dataDown());
            ModelDefinition definition = data.model();
            Samples heldOut = data.samples(spec.getData().getHeldOutList());
            warmUp(definition, new CountedSamples(heldOut, signs.steps()));
            Engine engine =
                    AveragingEngine.of(
                            RunEngine.open(
                                    definition,
                                    spec.getParameterCount(),
                                    EngineTerms.of(settings, device.threads())),
                            settings.get(Settings.TAIL_AVERAGE));
            Slicing slicing = Slicing.of(spec.getParameterCount(), settings);
            try (LocalModel model =
                            new LocalModel(engine, LocalUpdate.of(settings, method, slicing));
                    TrainingSamples source = source(signs)) {
                UpdateSender updates =
                        new UpdateSender(sender, connection.topics(), spec.getRun(), slicing);
                ModelReader versions =
                        new ModelReader(
                                spec.getRun(),
                                connection.topics().models(spec.getRun()),
                                engine.parameterCount(),
                                fetcher,
                                bytes.modelsDown());
                LocalTraining training =
                        new LocalTraining(
                                device,
                                incarnation,
                                method.pushRule(),
                                heldOut,
                                model,
                                source,
                                updates,
                                settings,
                                bytes,
                                state,
                                signs);
                new TrainingLoop(spec.getRun(), training, versions, inbox, answers, reports, signs)
                        .run();
            }
        }
    }

    /**
     * The first operations of a process load native libraries and run code not compiled yet, which
     * takes seconds. That is not the device's speed, and the first allocation must not take it for
     * that. With an engine of its own, since a step may leave more behind than parameters.
     */
    private void warmUp(ModelDefinition definition, Samples heldOut) {
        int few = Math.min(WARM_UP_SAMPLES, heldOut.count());
        try (Engine engine =
                RunEngine.open(
                        definition,
                        spec.getParameterCount(),
                        EngineTerms.of(settings, device.threads()))) {
            engine.train(
                    heldOut,
                    IntStream.range(0, few).toArray(),
                    1,
                    Math.min(few, settings.get(Settings.MINI_BATCH)),
                    0);
        } catch (TrainingException e) {
            throw e.in("the warm-up");
        }
    }
}
