package org.hermesml.operators;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.hermesml.core.log.UpdateIds;
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
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AccountEvent;

/**
 * A recorded trace: what a fleet of workers and an evaluator write in a run, made once from a seed.
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

    private final RunSpec spec;
    private final Method method;
    private final SplittableRandom random;
    private final List<Record> records = new ArrayList<>();
    private final Map<String, PushState> states = new TreeMap<>();
    private final Map<String, Long> clocks = new TreeMap<>();
    private long timeMs = 1000;
    private long pushes;

    private Fleet(RunSpec spec, long seed) {
        this.spec = spec;
        this.method = Methods.of(Settings.of(spec.getSettingsMap()));
        this.random = new SplittableRandom(seed);
    }

    /**
     * Every worker iterates {@code rounds} times, the slower ones interleaved; each version is
     * scored.
     */
    static List<Record> trace(RunSpec spec, long seed, int workers, int rounds) {
        Fleet fleet = new Fleet(spec, seed);
        fleet.push(UpdateIds.INITIAL, UpdateForm.WEIGHTS);
        for (int w = 0; w < workers; w++) {
            fleet.add(Fixtures.hello("w" + w, w + 1));
        }
        for (int round = 0; round < rounds; round++) {
            for (int w = 0; w < workers; w++) {
                fleet.iterate("w" + w, w + 1, round);
            }
            // A score of a version that is not there yet is passed over, as the job must.
            for (long version = 0; version <= fleet.pushes; version++) {
                double loss = 2.0 / (version + 1);
                fleet.add(Fixtures.score(version, loss, 1 - loss / 3));
            }
        }
        return fleet.records;
    }

    private void iterate(String worker, long incarnation, int round) {
        PushRule rule = method.pushRule();
        PushState before = states.computeIfAbsent(worker, w -> rule.start());
        long clock = clocks.merge(worker, 1L, Long::sum);
        double loss = 2.3 / (1 + 0.3 * round) + 0.2 * random.nextDouble();
        PushRule.PushStep step = rule.observe(before, PushRule.Observation.ofLoss(loss));
        states.put(worker, step.next());
        if (step.push()) {
            push(UpdateIds.of(worker, incarnation, clock), method.updateForm());
            pushes++;
            if (method.scoresUpdates()) {
                add(
                        Fixtures.score(0, loss, 0).toBuilder()
                                .setUpdate(UpdateIds.of(worker, incarnation, clock))
                                .build());
            }
        }
        IterationReport.Builder report =
                IterationReport.newBuilder()
                        .setClock(clock)
                        .setHeldOutLoss(loss)
                        .setSeconds(incarnation * (1 + 0.1 * random.nextDouble()))
                        .setSamples(2500)
                        .setMiniBatch(16)
                        .setEpochs(5)
                        .setBefore(before)
                        .setPush(step.push())
                        .setZ(step.z())
                        .setThreshold(step.threshold());
        add(Fixtures.iteration(worker, incarnation, report));
    }

    private void push(UpdateId id, UpdateForm form) {
        float[] values = new float[Fixtures.PARAMETERS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        Fixtures.slices(spec, id, form, values)
                .forEach(slice -> records.add(new Record(null, slice, null, tick())));
    }

    private void add(AccountEvent report) {
        records.add(new Record(report, null, null, tick()));
    }

    private void add(Score score) {
        records.add(new Record(null, null, score, tick()));
    }

    private long tick() {
        timeMs += 50;
        return timeMs;
    }
}
