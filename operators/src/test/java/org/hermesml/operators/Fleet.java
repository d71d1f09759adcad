package org.hermesml.operators;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.hermesml.core.defence.Defence;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.method.Method;
import org.hermesml.core.method.Methods;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.method.PushRule.Observation;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AccountEvent;

/**
 * A recorded trace: what a fleet of workers and an evaluator write in a run, made once from a seed
 * against core alone. Workers do as they are told: they wait for outcomes and releases.
 */
final class Fleet {
    /** One record; exactly one of them is not null. */
    record Record(AccountEvent report, UpdateSlice slice, Score score, long timeMs) {
        void to(Server server) throws Exception {
            server.timeIs(timeMs);
            if (report != null) {
                server.report(report);
            } else if (slice != null) {
                server.slice(slice);
            } else {
                server.score(score);
            }
        }
    }

    /** Short of the floor of silence, so that who says something each round is heard. */
    private static final long LONG_ROUND_MS = 8_000;

    private static final double ACCURACY = 0.5;

    private final RunSpec spec;
    private final Method method;

    /** Updates are measured, and the last worker lies. */
    private final boolean isDefended;

    private final SplittableRandom random;
    private final CoreServer server;
    private final List<Record> records = new ArrayList<>();
    private final TreeMap<String, Worker> workers = new TreeMap<>();
    private int heard;
    private long timeMs = 1000;
    private long pushes;

    /** What a worker knows. */
    private static final class Worker {
        final long incarnation;
        PushState state;
        long clock;
        long base;

        /** An iteration whose report waits for a release. */
        IterationReport.Builder asking;

        PushRule.PushStep step;

        /** What to say again while no answer comes; null for one that trains. */
        AccountEvent said;

        Worker(long incarnation, PushState state) {
            this.incarnation = incarnation;
            this.state = state;
        }
    }

    private Fleet(RunSpec spec, long seed) {
        this.spec = spec;
        this.method = Methods.of(Settings.of(spec.getSettingsMap()));
        this.isDefended = Defence.audits(Settings.of(spec.getSettingsMap()), method);
        this.random = new SplittableRandom(seed);
        this.server = new CoreServer(spec);
    }

    /** Every worker iterates in each of {@code rounds} where it need not wait, the last in half. */
    static List<Record> trace(RunSpec spec, long seed, int workers, int rounds) throws Exception {
        return trace(spec, seed, workers, rounds, rounds);
    }

    /**
     * @param dies the round from which on nothing is heard of the last worker, and rounds are long
     */
    static List<Record> trace(RunSpec spec, long seed, int workers, int rounds, int dies)
            throws Exception {
        Fleet fleet = new Fleet(spec, seed);
        fleet.push(UpdateIds.INITIAL, UpdateForm.WEIGHTS);
        for (int w = 0; w < workers; w++) {
            fleet.workers.put("w" + w, new Worker(w + 1, fleet.method.pushRule().start()));
            fleet.add(Fixtures.hello("w" + w, w + 1));
        }
        String last = "w" + (workers - 1);
        for (int round = 0; round < rounds; round++) {
            boolean lastTakesPart = round < dies && round % 2 == 0;
            for (String name : fleet.workers.keySet()) {
                if (!name.equals(last) || lastTakesPart) {
                    fleet.goOn(name, round);
                }
            }
            // A score of a version that is not there yet is passed over, as the job must.
            for (long version = Math.max(0, fleet.pushes - 3); version <= fleet.pushes; version++) {
                double loss = 2.0 / (version + 1);
                fleet.add(Fixtures.score(version, loss, 1 - loss / 3));
            }
            fleet.timeMs += round >= dies ? LONG_ROUND_MS : 0;
        }
        return fleet.records;
    }

    private void goOn(String name, int round) throws Exception {
        Worker worker = workers.get(name);
        if (worker.said != null) {
            add(worker.said);
            return;
        }
        worker.clock++;
        double loss = 2.3 / (1 + 0.3 * round) + 0.2 * random.nextDouble();
        double norm = 1 + 2 * random.nextDouble();
        IterationReport.Builder report =
                IterationReport.newBuilder()
                        .setClock(worker.clock)
                        .setBaseVersion(worker.base)
                        .setHeldOutLoss(loss)
                        .setHeldOutAccuracy(ACCURACY)
                        .setUpdateNorm(norm)
                        .setSeconds(worker.incarnation * (1 + 0.1 * random.nextDouble()))
                        .setSamples(2500)
                        .setMiniBatch(16)
                        .setEpochs(5)
                        .setBefore(worker.state);
        worker.step =
                method.pushRule().observe(worker.state, new Observation(loss, ACCURACY, norm));
        report.setZ(worker.step.z()).setThreshold(worker.step.threshold());
        worker.state = worker.step.next();
        if (worker.step.wish().waitsForRelease()) {
            worker.asking = report;
            boolean wants = worker.step.wish() == PushRule.Wish.ASK;
            worker.said = Fixtures.ready(name, worker.incarnation, worker.clock, wants);
            add(worker.said);
        } else {
            finish(name, worker, report.setPush(worker.step.push()));
        }
    }

    private void finish(String name, Worker worker, IterationReport.Builder report)
            throws Exception {
        AccountEvent event = Fixtures.iteration(name, worker.incarnation, report);
        worker.said = report.getPush() ? event : null;
        if (report.getPush()) {
            UpdateId id = UpdateIds.of(name, worker.incarnation, report.getClock());
            push(id, method.updateForm());
            pushes++;
            if (method.scoresUpdates() || isDefended) {
                boolean lies = isDefended && name.equals(workers.lastKey());
                add(
                        Fixtures.score(0, report.getHeldOutLoss() * (lies ? 3 : 1), 0).toBuilder()
                                .setUpdate(id)
                                .build());
            }
        }
        add(event);
    }

    private void hear() throws Exception {
        while (heard < server.directives().size()) {
            Directive told = server.directives().get(heard++);
            Worker worker = workers.get(told.getWorker());
            if (worker == null) {
                continue;
            }
            if (told.hasOutcome() && told.getOutcome().getSequence() == worker.clock) {
                worker.said = null;
                worker.base = told.getOutcome().getModel().getVersion();
                worker.state =
                        method.pushRule().pulled(worker.state, told.getOutcome().getIterations());
            } else if (told.hasRelease() && worker.asking != null) {
                IterationReport.Builder report = worker.asking;
                worker.asking = null;
                finish(told.getWorker(), worker, report.setPush(told.getRelease().getPush()));
            }
        }
    }

    private void push(UpdateId id, UpdateForm form) throws Exception {
        float[] values = new float[Fixtures.PARAMETERS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        for (UpdateSlice slice : Fixtures.slices(spec, id, form, values)) {
            add(new Record(null, slice, null, tick()));
        }
    }

    private void add(AccountEvent report) throws Exception {
        add(new Record(report, null, null, tick()));
    }

    private void add(Score score) throws Exception {
        add(new Record(null, null, score, tick()));
    }

    private void add(Record record) throws Exception {
        records.add(record);
        record.to(server);
        hear();
    }

    private long tick() {
        timeMs += 50;
        return timeMs;
    }
}
