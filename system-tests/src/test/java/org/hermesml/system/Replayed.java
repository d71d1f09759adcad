package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hermesml.cli.replay.ReplayedVersion;
import org.hermesml.cli.replay.RunReplay;
import org.hermesml.cli.run.KafkaSite;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.wire.Topics;

/** Compares what the job published with what follows from the verdict log and the slices. */
final class Replayed {
    private final RecordedRun run;

    Replayed(RecordedRun run) {
        this.run = run;
    }

    /**
     * Every version is there, whole, and equals the replay byte for byte; so does every further
     * copy that a restored job wrote.
     *
     * @return how many versions were compared
     */
    int assertSameBytes() throws Exception {
        KafkaSite site = new KafkaSite(run.bootstrap(), new Topics(Topics.DEFAULT_PREFIX));
        List<ReplayedVersion> versions = new ArrayList<>();
        RunReplay.Result result = new RunReplay(site, run.run()).run(versions::add);
        assertEquals(Optional.empty(), result.fault(), run.run());
        assertEquals(-1, result.start().version(), "all slices are kept");
        for (ReplayedVersion version : versions) {
            assertEquals(ReplayedVersion.Finding.EQUAL, version.finding(), version::toString);
        }
        assertEquals(run.version() + 1, versions.size(), run.run());
        return versions.size();
    }

    /** No update counts twice, and none counts that was refused. */
    void assertEachUpdateCountsOnce() throws Exception {
        Set<String> decided = new HashSet<>();
        List<String> twice = new ArrayList<>();
        for (NumberedVerdict entry : run.counting()) {
            Verdict verdict = entry.getVerdict();
            Optional<UpdateId> id = UpdateIds.of(verdict);
            if (id.isPresent() && !decided.add(UpdateIds.print(id.get()))) {
                twice.add(UpdateIds.print(id.get()));
            }
        }
        assertEquals(List.of(), twice, run.run());
        assertTrue(decided.size() > 1, run.run());
    }
}
