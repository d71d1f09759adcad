package org.hermesml.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.hermesml.operators.Keys;
import org.junit.jupiter.api.Test;

class HermesJobTest {
    /** State is found again by these names: one that changes here is lost by every savepoint. */
    private static final Set<String> UIDS =
            Set.of(
                    "runs-source",
                    "runs-listen",
                    "reports-source",
                    "reports-listen",
                    "updates-source",
                    "runs-of-slices-source",
                    "runs-of-slices-listen",
                    "slice-check",
                    "waiting-slices",
                    "scores-source",
                    "scores-listen",
                    "verdicts-source",
                    "verdicts-listen",
                    "verdict-log",
                    "loss-window",
                    "admission",
                    "merge",
                    "model-writer",
                    "publish",
                    "allocation",
                    "verdict-sink",
                    "directive-sink",
                    "ended-sink",
                    "refused-count",
                    "refused-sink");

    private final StreamExecutionEnvironment env =
            StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());

    @Test
    void everyOperatorHasTheUidThatSavepointsKnowAndANameForPeople() {
        HermesJob.build(env, JobSettings.of());
        Collection<StreamNode> operators = env.getStreamGraph().getStreamNodes();
        Set<String> found =
                operators.stream()
                        .map(StreamNode::getTransformationUID)
                        .collect(Collectors.toCollection(TreeSet::new));
        // A sink is a writer with the uid of the sink before it.
        assertEquals(
                new TreeSet<>(UIDS),
                found.stream()
                        .map(uid -> uid.replaceAll(": .*|Sink (Writer|Committer):? ?", ""))
                        .collect(Collectors.toCollection(TreeSet::new)));
        for (StreamNode operator : operators) {
            assertFalse(operator.getOperatorName().isBlank());
        }
    }

    @Test
    void noTypeIsLeftToKryoAndNoUidToChance() {
        HermesJob.build(env, JobSettings.of());
        StreamGraph graph = env.getStreamGraph();
        assertFalse(env.getConfiguration().get(PipelineOptions.GENERIC_TYPES));
        assertFalse(env.getConfiguration().get(PipelineOptions.AUTO_GENERATE_UIDS));
        assertTrue(graph.getJobGraph().getNumberOfVertices() > 0, "Flink would have refused");
    }

    @Test
    void theSettingsOfTheJobReachFlink() {
        HermesJob.build(
                env, JobSettings.of("--parallelism", "3", "--checkpoint-interval", "700ms"));
        assertEquals(3, env.getParallelism());
        assertEquals(700, env.getCheckpointInterval());
        assertEquals(Keys.MAX_PARALLELISM, env.getMaxParallelism());
        assertEquals("rocksdb", env.getConfiguration().get(StateBackendOptions.STATE_BACKEND));
        assertTrue(env.getConfiguration().get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS));
    }
}
