package org.hermesml.cli.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.hermesml.cli.local.FlinkRefusal;
import org.hermesml.cli.local.FlinkRest;
import org.hermesml.cli.local.ServerProcesses;
import org.hermesml.cli.run.EdgeProgram;
import org.hermesml.cli.run.KafkaSite;
import org.hermesml.core.InputException;
import org.hermesml.core.wire.Topics;

/**
 * Everything that takes part in a run, as processes of this machine that end no later than this
 * program: broker, JobManager, TaskManagers (one of them on standby), evaluator and workers, each
 * started again when it ends.
 */
final class Installation implements AutoCloseable {
    private final ChaosPlan plan;
    private final Consumer<String> words;
    private final EdgeProgram program;
    private final ScheduledExecutorService starter = Executors.newSingleThreadScheduledExecutor();
    private final List<KeptDevice> workers = new ArrayList<>();
    private KeptDevice evaluator;
    private ServerProcesses server;

    private Installation(ChaosPlan plan, Consumer<String> words) {
        this.plan = plan;
        this.words = words;
        this.program = new EdgeProgram(plan.home(), plan.proof().logs());
    }

    /** Returns when the job runs, the run is published and its devices are started. */
    static Installation start(ChaosPlan plan, Consumer<String> words) {
        Installation made = new Installation(plan, words);
        try {
            made.start();
            return made;
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private void start() {
        List<Topics.Topic> topics = new ArrayList<>();
        Topics names = new Topics(Topics.DEFAULT_PREFIX);
        topics.addAll(names.shared());
        topics.addAll(names.ofRun(ChaosPlan.RUN));
        server = ServerProcesses.start(plan.home(), plan.proof().data(), topics, words);
        plan.run().publish(program, site(), ChaosPlan.RUN, plan.proof().data(), List.of());
        evaluator = new KeptDevice(() -> program.evaluator(site(), "evaluator"), starter, words);
        for (int i = 1; i <= plan.workers(); i++) {
            String id = "worker-" + i;
            workers.add(
                    new KeptDevice(
                            () -> program.worker(site(), ChaosPlan.RUN, id, plan.slowdown()),
                            starter,
                            words));
        }
    }

    KafkaSite site() {
        return new KafkaSite(server.bootstrap(), new Topics(Topics.DEFAULT_PREFIX));
    }

    FlinkRest rest() {
        return server.rest();
    }

    List<KeptDevice> workers() {
        return workers;
    }

    /** How often a device ended though nobody killed it. */
    int unasked() {
        return evaluator.unasked() + workers.stream().mapToInt(KeptDevice::unasked).sum();
    }

    long brokerPid() {
        return server.broker().pid();
    }

    /**
     * A process to do something to; empty while none of that kind lives. Of the TaskManagers one
     * that the job runs in.
     */
    Optional<Victim> victim(FaultSchedule.Fault fault) {
        List<Victim> all =
                switch (fault.target()) {
                    case BROKER -> List.of(new Victim("broker", server.broker().handle()));
                    case EVALUATOR -> List.of(of(evaluator));
                    case WORKER -> workers.stream().map(Installation::of).toList();
                    case JOBMANAGER -> members("jobmanager");
                    case TASKMANAGER -> serving(members("taskmanager-"));
                };
        List<Victim> live = all.stream().filter(victim -> victim.process().isAlive()).toList();
        return live.isEmpty()
                ? Optional.empty()
                : Optional.of(live.get((int) (fault.pick() * live.size())));
    }

    @Override
    public void close() {
        // Devices first: they would go on asking for a broker that is gone.
        workers.forEach(KeptDevice::close);
        if (evaluator != null) {
            evaluator.close();
        }
        starter.shutdownNow();
        if (server != null) {
            server.close();
        }
    }

    private List<Victim> members(String prefix) {
        return server.members().stream()
                .filter(member -> member.name().startsWith(prefix))
                .flatMap(
                        member ->
                                ProcessHandle.of(member.pid()).stream()
                                        .map(process -> new Victim(member.name(), process)))
                .toList();
    }

    private List<Victim> serving(List<Victim> managers) {
        List<String> busy;
        try {
            busy = server.rest().busyTaskManagers();
        } catch (InputException | FlinkRefusal away) {
            // The JobManager is being killed, too.
            return managers;
        }
        List<Victim> serving = managers.stream().filter(m -> busy.contains(m.name())).toList();
        return serving.isEmpty() ? managers : serving;
    }

    private static Victim of(KeptDevice device) {
        return new Victim(device.process().name(), device.process().handle());
    }
}
