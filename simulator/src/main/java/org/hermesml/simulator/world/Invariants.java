package org.hermesml.simulator.world;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.hermesml.core.admission.AdmissionBook;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.method.AdmissionRule;
import org.hermesml.core.method.Methods;
import org.hermesml.core.server.RunServer;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.Member;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.training.data.SampleLayout;

/**
 * What must hold at any time of any run, whatever the method; checked as it happens. Each method
 * throws {@link BrokenInvariant} where it does not.
 */
final class Invariants {
    private final DataIndex data;
    private final int bytesPerSample;
    private final AdmissionRule rule;
    private final Map<String, Long> memoryBytes;
    private final Map<String, UpdateId> inModel = new HashMap<>();
    private long version = -1;

    /**
     * @param memoryBytes for data, by worker
     */
    Invariants(RunSpec spec, Map<String, Long> memoryBytes) {
        this.data = spec.getData();
        this.bytesPerSample = SampleLayout.of(data).bytesPerSample();
        this.rule = Methods.of(Settings.of(spec.getSettingsMap())).admissionRule();
        this.memoryBytes = Map.copyOf(memoryBytes);
    }

    /** Versions grow by one. */
    void published(long next) {
        require(next == version + 1, "version %d follows version %d", next, version);
        version = next;
    }

    /**
     * An update is in the model at most once; a barrier falls when all who live are there, but for
     * those that wait with a question: they came after the round was called.
     */
    void logged(NumberedVerdict entry, AdmissionBook admission) {
        Verdict verdict = entry.getVerdict();
        if (entry.getIgnored()) {
            return;
        }
        mayGoOn(entry, admission);
        if (verdict.hasAdmitted()) {
            merged(verdict.getAdmitted().getId());
        } else if (verdict.hasHeld()) {
            merged(verdict.getHeld().getId());
        } else if (verdict.hasRoundClosed() && rule.hasBarrier()) {
            Set<String> there =
                    entry.getSettledList().stream()
                            .map(UpdateId::getWorker)
                            .collect(Collectors.toSet());
            admission
                    .members()
                    .asMap()
                    .forEach(
                            (worker, member) ->
                                    require(
                                            !member.getLive()
                                                    || member.getReady() > 0
                                                    || there.contains(worker),
                                            "round %d closed without live worker %s",
                                            verdict.getRoundClosed().getRound(),
                                            worker));
        }
    }

    /** With a bound on staleness, who goes on is no more clocks ahead of the slowest than that. */
    private void mayGoOn(NumberedVerdict entry, AdmissionBook admission) {
        Verdict verdict = entry.getVerdict();
        if (rule.stalenessBound().isEmpty()) {
            return;
        }
        if (verdict.hasAdmitted() && !verdict.getAdmitted().getWaits()) {
            isWithinBound(verdict.getAdmitted().getId().getWorker(), admission);
        }
        verdict.getReleased()
                .getWorkersMap()
                .keySet()
                .forEach(worker -> isWithinBound(worker, admission));
    }

    private void isWithinBound(String worker, AdmissionBook admission) {
        Member member = admission.members().get(worker);
        if (member == null || !member.getLive()) {
            return;
        }
        long slowest =
                admission.members().asMap().values().stream()
                        .filter(Member::getLive)
                        .mapToLong(m -> m.getClockBase() + m.getClock())
                        .min()
                        .orElseThrow();
        int bound = rule.stalenessBound().orElseThrow();
        long ahead = member.getClockBase() + member.getClock() - slowest;
        require(
                ahead <= bound,
                "worker %s goes on %d clocks ahead of the slowest; allowed are %d",
                worker,
                ahead,
                bound);
    }

    private void merged(UpdateId id) {
        UpdateId before = inModel.put(id.getWorker(), id);
        require(
                before == null || UpdateIds.AGE.compare(id, before) > 0,
                "update %s is merged after %s",
                UpdateIds.print(id),
                before == null ? "" : UpdateIds.print(before));
    }

    /** An allocation fits the device's memory and the data, and holds a mini-batch. */
    void allocated(String worker, Allocation allocation) {
        Set<Integer> blocks = new HashSet<>(allocation.getBlocksList());
        require(
                blocks.size() == allocation.getBlocksCount()
                        && blocks.stream().allMatch(b -> b >= 0 && b < data.getTrainingCount()),
                "worker %s is allocated blocks %s",
                worker,
                allocation.getBlocksList());
        long samples = blocks.stream().mapToLong(b -> data.getTraining(b).getCount()).sum();
        long memory = memoryBytes.getOrDefault(worker, 0L);
        require(
                blocks.size() == 1 || memory == 0 || samples * bytesPerSample <= memory,
                "worker %s is allocated %d samples for %d bytes",
                worker,
                samples,
                memory);
        require(
                allocation.getMiniBatch() >= 1
                        && allocation.getSamples() >= allocation.getMiniBatch()
                        && allocation.getSamples() <= samples,
                "worker %s is to draw %d samples of %d in mini-batches of %d",
                worker,
                allocation.getSamples(),
                samples,
                allocation.getMiniBatch());
    }

    /** Who waits for an outcome waits for something that the server has, or has told. */
    void waits(UpdateId id, RunServer server) {
        AdmissionBook admission = server.admission();
        var pending = admission.pending().get(id.getWorker());
        Member member = admission.members().get(id.getWorker());
        boolean replaced = member != null && member.getIncarnation() > id.getIncarnation();
        require(
                replaced
                        || pending != null && pending.getId().equals(id)
                        || admission.log().isDecided(id),
                "worker %s waits for update %s, of which the server knows nothing",
                id.getWorker(),
                UpdateIds.print(id));
    }

    /** Something is still to happen. */
    void lives(EventQueue events) {
        require(!events.isEmpty(), "nothing is left to happen, and the run has not ended");
    }

    private static void require(boolean holds, String what, Object... values) {
        if (!holds) {
            throw new BrokenInvariant(String.format(java.util.Locale.ROOT, what, values));
        }
    }
}
