package org.hermesml.simulator.world;

import java.util.Arrays;
import org.hermesml.core.Protocol;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Goodbye;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.Progress;
import org.hermesml.core.message.Ready;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.UpdateId;

/** What one worker sends: reports and updates, counted as they leave. */
final class Uplink {
    private static final long NOT_YET = -1;

    private final String name;
    private final RunPlan plan;
    private final SimulatedServer server;
    private final Line line;
    private final Traffic traffic;
    private final WorkerListener listener;
    private long incarnation = NOT_YET;

    Uplink(
            String name,
            RunPlan plan,
            SimulatedServer server,
            Line line,
            Traffic traffic,
            WorkerListener listener) {
        this.name = name;
        this.plan = plan;
        this.server = server;
        this.line = line;
        this.traffic = traffic;
        this.listener = listener;
    }

    /** Of the present life; -1 until its hello has arrived: nothing that is told is for it. */
    long incarnation() {
        return incarnation;
    }

    UpdateId update(long clock) {
        return UpdateIds.of(name, incarnation, clock);
    }

    /** The hello's place among the reports becomes the incarnation. */
    void hello(Hello saying, Runnable acknowledged) {
        incarnation = NOT_YET;
        Report hello = report().setIncarnation(0).setHello(saying).build();
        long bytes = counted(hello);
        line.up(
                bytes,
                "hello",
                () -> {
                    incarnation = server.nextOffset();
                    server.report(hello, incarnation);
                },
                acknowledged);
    }

    void iteration(IterationReport iteration, Runnable acknowledged) {
        Report report = report().setIteration(iteration).build();
        long bytes = counted(report);
        line.up(
                bytes,
                "report",
                () -> {
                    server.report(report, server.nextOffset());
                    if (iteration.getPush()) {
                        listener.committed(
                                update(iteration.getClock()), iteration.getHeldOutLoss(), bytes);
                    }
                },
                acknowledged);
    }

    void ready(Ready ready, Runnable acknowledged) {
        send(report().setReady(ready).build(), acknowledged);
    }

    /** Not behind what is on its way. */
    void progress(Progress progress) {
        Report report = report().setProgress(progress).build();
        line.beside(
                counted(report), "sign of life", () -> server.report(report, server.nextOffset()));
    }

    /**
     * @param diverged whether training gave NaN
     */
    void goodbye(String reason, boolean diverged) {
        Goodbye goodbye = Goodbye.newBuilder().setReason(reason).setDiverged(diverged).build();
        send(report().setGoodbye(goodbye).build(), () -> {});
    }

    private void send(Report report, Runnable acknowledged) {
        line.up(
                counted(report),
                "report",
                () -> server.report(report, server.nextOffset()),
                acknowledged);
    }

    private long counted(Report report) {
        long bytes = plan.sizes().report(name, report);
        traffic.control(bytes);
        return bytes;
    }

    private Report.Builder report() {
        return Report.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setRun(plan.spec().getRun())
                .setWorker(name)
                .setIncarnation(incarnation);
    }

    /** Slices of an update. */
    int slices() {
        return plan.sizes().update(name).length;
    }

    /**
     * @param values not changed any more
     * @param acknowledged called when the last of all slices is
     */
    void push(UpdateId id, float[] values, Runnable acknowledged) {
        long[] sizes = plan.sizes().update(name);
        int[] done = new int[1];
        for (int i = 0; i < sizes.length; i++) {
            int slice = i;
            traffic.updatesUp(sizes[i]);
            line.up(
                    sizes[i],
                    "slice of an update",
                    () -> arrive(id, values, slice, sizes),
                    () -> {
                        done[0]++;
                        if (done[0] == sizes.length) {
                            acknowledged.run();
                        }
                    });
        }
    }

    /** Of a model that only travels in thought, its real slices arrive with the last record. */
    private void arrive(UpdateId id, float[] values, int slice, long[] sizes) {
        boolean last = slice == sizes.length - 1;
        if (server.sliceCount() == sizes.length) {
            server.slice(id, plan.form(), values, slice, sizes[slice]);
        } else if (last) {
            for (int i = 0; i < server.sliceCount(); i++) {
                server.slice(id, plan.form(), values, i, sizes[slice]);
            }
        }
        if (last) {
            listener.pushed(id, values, Arrays.stream(sizes).sum());
        }
    }
}
