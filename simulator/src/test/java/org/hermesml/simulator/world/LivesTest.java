package org.hermesml.simulator.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.SampleType;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.learning.CurveLearning;
import org.hermesml.simulator.learning.Learning;
import org.hermesml.simulator.testbed.Attack;
import org.hermesml.simulator.testbed.Device;
import org.hermesml.simulator.testbed.Link;
import org.junit.jupiter.api.Test;

/** A device that comes and goes, and what each of its lives is told. */
class LivesTest {
    private static final Link LINK = new Link(100, 100, 5);

    private final EventQueue events = new EventQueue();
    private final List<Allocation> allocated = new ArrayList<>();
    private final Learning learning = CurveLearning.mnist(1);
    private final SimulatedWorker worker = worker();

    @Test
    void whatIsForAnEarlierLifeIsNotHeardByTheNext() {
        worker.start();
        long first = incarnation();
        worker.vanish();
        worker.start();

        worker.hear(allocation(first), null, 50);
        assertEquals(List.of(), allocated, "the hello of this life is still on its way");

        long second = incarnation();
        worker.hear(allocation(first), null, 50);
        assertEquals(List.of(), allocated);
        assertNotEquals(first, second);
        worker.hear(allocation(second), null, 50);
        assertEquals(1, allocated.size());
    }

    /** Of the present life, once it has all that it begins with but an allocation and a model. */
    private long incarnation() {
        while (worker.phase() != Phase.STARTING) {
            events.next().action().run();
        }
        return worker.update().getIncarnation();
    }

    private static Directive allocation(long incarnation) {
        return Directive.newBuilder()
                .setWorker("one")
                .setIncarnation(incarnation)
                .setAllocation(Allocation.newBuilder().setGeneration(1))
                .build();
    }

    private SimulatedWorker worker() {
        RunSpec spec =
                RunSpec.newBuilder()
                        .setRun("run")
                        .setParameterCount(learning.parameterCount())
                        .putAllSettings(Settings.of(Map.of("method", "hermes")).toMap())
                        .setData(
                                DataIndex.newBuilder()
                                        .addFeatureShape(4)
                                        .setClassCount(10)
                                        .setType(SampleType.UINT8)
                                        .setFeatureScale(1)
                                        .addModel(BlockAddress.newBuilder().setCount(100))
                                        .addTraining(BlockAddress.newBuilder().setCount(100))
                                        .addHeldOut(BlockAddress.newBuilder().setCount(100)))
                        .build();
        RunPlan plan = RunPlan.of(spec, learning.travellingParameters());
        SimulatedServer server =
                new SimulatedServer(
                        events,
                        spec,
                        new Invariants(spec, Map.of("one", 1L << 20)),
                        1,
                        (directive, model) -> {});
        Line.ServerLanes lanes = new Line.ServerLanes(new Lane(1000), new Lane(1000));
        Line line = new Line(events, new Network(events), lanes, LINK, "one");
        Device device =
                new Device("one", 1, 1, 0, List.of(), 1 << 20, LINK, List.of(), Attack.NONE);
        return new SimulatedWorker(
                device,
                events,
                plan,
                learning,
                server,
                line,
                line.reader(new Directives(lanes.out())),
                1,
                new Watcher());
    }

    private final class Watcher implements WorkerListener {
        @Override
        public void allocated(String name, Allocation allocation) {
            allocated.add(allocation);
        }

        @Override
        public void pushed(UpdateId id, float[] values, long bytes) {}

        @Override
        public void committed(UpdateId id, double heldOutLoss, long bytes) {}
    }
}
