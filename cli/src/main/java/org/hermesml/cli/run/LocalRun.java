package org.hermesml.cli.run;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.hermesml.cli.local.Logs;
import org.hermesml.core.InputException;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.settings.Settings;

/**
 * A whole run on this machine, from nothing to the result: server side, devices, data, training,
 * export. Whatever happens, every process that it started is ended.
 */
final class LocalRun {
    private static final Duration POLL = Duration.ofMillis(100);

    private static final Duration HEARD_WITHIN = Duration.ofSeconds(5);

    /** By this much the job may be late in ending a run before it counts as broken. */
    private static final long LATE_MS = 120_000;

    /** Unwinds when a person asks to stop. */
    private static final class Stopped extends RuntimeException {}

    private final LocalRunPlan plan;
    private final Display display;
    private final PrintStream out;
    private final Interrupts interrupts;
    private RunView view;

    /**
     * @param out takes the last lines
     */
    LocalRun(LocalRunPlan plan, Display display, PrintStream out, Interrupts interrupts) {
        this.plan = plan;
        this.display = display;
        this.out = out;
        this.interrupts = interrupts;
        this.view = new RunView(plan.run());
    }

    /**
     * @return whether the run came to an end of its own
     * @throws InputException when something asked for turns out to be unfit; nothing is left behind
     *     then
     * @throws RunFailure when something broke; what there is of the result is written
     */
    boolean run() {
        // first, because it refuses to go on where the device program is not built
        EdgeProgram program = new EdgeProgram(plan.home(), plan.logs());
        prepare();
        LocalResult result = new LocalResult(plan, out);
        boolean leave = true;
        try {
            RunEnd end = serve(program, result);
            return end.getReason() != EndReason.FAILED;
        } catch (RuntimeException e) {
            if (interrupts.asked()) {
                result.write(view, end(EndReason.STOPPED, "stopped by Ctrl-C"), Exported.NONE);
                result.tell();
                return false;
            }
            leave = !(e instanceof InputException) || begun();
            if (leave) {
                result.write(view, end(EndReason.FAILED, e.getMessage()), Exported.NONE);
            }
            throw e;
        } finally {
            if (leave) {
                keep(LocalServer.brokerLog(plan.serverData()));
            }
            RunFiles.delete(leave ? plan.serverData() : plan.out());
        }
    }

    private void prepare() {
        try {
            Files.createDirectories(plan.logs());
            RunFiles.writeJson(plan.settingsFile(), SettingsJson.of(plan.choice().settings()));
        } catch (IOException e) {
            throw new InputException(
                    "The run's folder "
                            + plan.out()
                            + " cannot be written ("
                            + e.getMessage()
                            + "); choose another with --out.",
                    e);
        }
        Logs.toFile(plan.logs().resolve("hermes.log"));
    }

    private RunEnd serve(EdgeProgram program, LocalResult result) {
        display.event(
                "Run "
                        + plan.run()
                        + ": starting broker, Flink job, evaluator and "
                        + plan.slowdowns().size()
                        + " workers");
        try (LocalServer server = LocalServer.start(plan.home(), plan.serverData(), plan.run())) {
            return conclude(program, server, train(program, server), result);
        }
    }

    private RunEnd train(EdgeProgram program, LocalServer server) {
        EdgeTask publish =
                EdgeTask.start(
                        program.publish(
                                server.kafka(),
                                plan.run(),
                                plan.choice(),
                                plan.settingsFile(),
                                List.of(),
                                null));
        // Data are made or read while Flink comes up; devices would only take the processor from
        // both.
        display.event("Flink web UI at " + server.startJob());
        try (Devices devices =
                Devices.start(
                        program, server.kafka(), plan.run(), plan.slowdowns(), plan.localData())) {
            PublishedTable.of(publish.await()).ifPresent(this::tell);
            try (RunReader reader = new RunReader(server.kafka(), plan.run(), 0)) {
                return follow(reader, server, devices);
            }
        }
    }

    private void tell(PublishedTable table) {
        display.event(table.line());
        try {
            RunFiles.writeJson(plan.out().resolve(PublishedTable.FILE), table.content());
        } catch (IOException e) {
            throw new RunFailure(
                    plan.out().resolve(PublishedTable.FILE)
                            + " cannot be written: "
                            + e.getMessage()
                            + ".",
                    e);
        }
    }

    private RunEnd follow(RunReader reader, LocalServer server, Devices devices) {
        long lastMs =
                System.currentTimeMillis()
                        + plan.choice().settings().get(Settings.MAX_TIME).toMillis()
                        + LATE_MS;
        while (!view.finished()) {
            reader.poll(POLL).forEach(view::feed);
            long nowMs = System.currentTimeMillis();
            display.show(view, nowMs);
            if (interrupts.asked()) {
                throw new Stopped();
            }
            server.fault().ifPresent(this::failed);
            if (view.end().isEmpty()) {
                check(devices, reader, nowMs);
            }
            if (nowMs > lastMs) {
                failed("the job did not end the run in time");
            }
        }
        display.last(view, System.currentTimeMillis());
        return view.end().orElseThrow();
    }

    /** Devices that have ended may have heard of the run's end before this reader. */
    private void check(Devices devices, RunReader reader, long nowMs) {
        try {
            devices.check(view.workers(nowMs)).forEach(display::event);
        } catch (RuntimeException failure) {
            long until = System.nanoTime() + HEARD_WITHIN.toNanos();
            while (view.end().isEmpty() && System.nanoTime() < until) {
                reader.poll(POLL).forEach(view::feed);
                if (interrupts.asked()) {
                    throw new Stopped();
                }
            }
            if (view.end().isEmpty()) {
                throw failure;
            }
        }
    }

    /** Takes the result out, with the devices gone: nothing moves any more. */
    private RunEnd conclude(
            EdgeProgram program, LocalServer server, RunEnd end, LocalResult result) {
        long version =
                end.getBestLoss() > 0 && end.getBestVersion() >= 0 ? end.getBestVersion() : -1;
        Exported exported = exported(program, server, end, version);
        // read anew, so that the history follows the order of writing and not that of reading
        RunView whole = new RunView(plan.run());
        try (RunReader reader = new RunReader(server.kafka(), plan.run(), 0)) {
            reader.readToEnd().forEach(whole::feed);
        }
        view = whole;
        result.write(view, end, exported);
        result.tell();
        if (plan.keepRunning() && !interrupts.asked()) {
            out.println(
                    "Broker at "
                            + server.kafka().bootstrap()
                            + " and Flink web UI at "
                            + server.ui()
                            + " stay up until Ctrl-C.");
            interrupts.await();
        }
        return end;
    }

    private Exported exported(EdgeProgram program, LocalServer server, RunEnd end, long version) {
        if (end.getReason() == EndReason.FAILED && version < 0) {
            // there may be no scored model at all, and the reason of the end is what counts
            return Exported.NONE;
        }
        return Exported.parse(
                EdgeTask.start(program.export(server.kafka(), plan.run(), plan.out(), version))
                        .await());
    }

    private void failed(String why) {
        if (interrupts.asked()) {
            throw new Stopped();
        }
        throw new RunFailure(
                "Run " + plan.run() + " failed: " + why + "; see " + plan.logs() + ".");
    }

    private boolean begun() {
        return view.totals(0).version() >= 0;
    }

    private void keep(Path brokerLog) {
        try {
            if (Files.exists(brokerLog)) {
                Files.move(
                        brokerLog,
                        plan.logs().resolve("broker.log"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            System.err.println("hermes: the broker's log could not be kept: " + e.getMessage());
        }
    }

    private static RunEnd end(EndReason reason, String text) {
        return RunEnd.newBuilder()
                .setReason(reason)
                .setText(String.valueOf(text))
                .setBestVersion(-1)
                .build();
    }
}
