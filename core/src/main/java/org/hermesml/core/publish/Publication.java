package org.hermesml.core.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.hermesml.core.Protocol;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.Dismissal;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.ModelVersion;
import org.hermesml.core.message.Outcome;
import org.hermesml.core.message.Release;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.state.Membership;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.PublishState;
import org.hermesml.core.state.ReleasedWorker;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.SettledPush;
import org.hermesml.core.state.SliceAddress;
import org.hermesml.core.state.SliceAddresses;

/**
 * Tells workers what is to be had: a version once all its slices are acknowledged, the fate of a
 * push once its version is complete, the end of the run once its last version is. Pure.
 */
public final class Publication {
    /**
     * @param directives in this order
     * @param end the run's end, once everything of it is published
     */
    public record Step(PublishState state, List<Directive> directives, Optional<RunEnd> end) {}

    public static Step apply(PublishState before, RunEvent event) {
        if (before.getEnding()) {
            return new Step(before, List.of(), Optional.empty());
        }
        PublishState.Builder state = before.toBuilder();
        List<Directive> directives = new ArrayList<>();
        String run = event.getRun();
        switch (event.getEventCase()) {
            case SLICE -> onSlice(state, event.getSlice(), directives);
            case SETTLED -> state.addWaiting(event.getSettled());
            case RELEASED -> directives.add(release(event.getReleased()));
            case MEMBERSHIP -> onMembership(state, event.getMembership(), directives);
            case VERDICT -> onVerdict(state, event.getVerdict());
            case TOPIC_GONE -> {
                return failed(state, run, "its topic " + event.getTopicGone() + " is gone");
            }
            default -> {}
        }
        tellSettled(state, run, directives);
        Optional<RunEnd> end = endWhenComplete(state);
        end.ifPresent(e -> directives.add(forAll(run).setStop(e).build()));
        return new Step(state.build(), directives, end);
    }

    /** What is missing can never be published: the run ends with what it has, whatever the log. */
    private static Step failed(PublishState.Builder state, String run, String text) {
        RunEnd end =
                RunEnd.newBuilder()
                        .setReason(EndReason.FAILED)
                        .setText(text)
                        .setBestVersion(-1)
                        .build();
        state.setEnding(true).clearIncomplete().clearWaiting();
        return new Step(state.build(), List.of(forAll(run).setStop(end).build()), Optional.of(end));
    }

    private static void onSlice(
            PublishState.Builder state, SliceAddress slice, List<Directive> directives) {
        long version = slice.getVersion();
        if (state.hasNewest() && version <= state.getNewest().getVersion()) {
            return;
        }
        SliceAddresses.Builder found =
                state
                        .getIncompleteOrDefault(version, SliceAddresses.getDefaultInstance())
                        .toBuilder()
                        .setSliceCount(slice.getSliceCount());
        if (!found.containsSlices(slice.getSlice())) {
            found.putSlices(slice.getSlice(), slice.getAddress());
        }
        if (found.getSlicesCount() < found.getSliceCount()) {
            state.putIncomplete(version, found.build());
            return;
        }
        ModelVersion.Builder complete = ModelVersion.newBuilder().setVersion(version);
        IntStream.range(0, found.getSliceCount())
                .forEach(i -> complete.addSlices(found.getSlicesOrThrow(i)));
        state.setNewest(complete);
        List.copyOf(state.getIncompleteMap().keySet()).stream()
                .filter(v -> v <= version)
                .forEach(state::removeIncomplete);
        directives.add(forAll(slice.getRun()).setModel(complete).build());
    }

    private static void onMembership(
            PublishState.Builder state, Membership change, List<Directive> directives) {
        Directive.Builder directive =
                forAll(change.getRun())
                        .setWorker(change.getWorker())
                        .setIncarnation(change.getIncarnation());
        switch (change.getChange()) {
            case JOINED, RETURNED -> {
                if (state.hasNewest()) {
                    directives.add(directive.setModel(state.getNewest()).build());
                }
            }
            case DISMISSED, EXPELLED ->
                    directives.add(
                            directive
                                    .setDismissal(
                                            Dismissal.newBuilder()
                                                    .setReason(change.getReason())
                                                    .setRival(change.getRival()))
                                    .build());
            default -> {}
        }
    }

    private static Directive release(ReleasedWorker released) {
        return forAll(released.getRun())
                .setWorker(released.getWorker())
                .setIncarnation(released.getIncarnation())
                .setRelease(
                        Release.newBuilder()
                                .setClock(released.getClock())
                                .setPush(released.getPush()))
                .build();
    }

    private static void onVerdict(PublishState.Builder state, NumberedVerdict entry) {
        if (entry.getVerdict().hasEnd() && !entry.getIgnored()) {
            state.setEnd(entry.getVerdict().getEnd()).setEndVersionPlusOne(entry.getVersion() + 1);
        }
    }

    private static void tellSettled(
            PublishState.Builder state, String run, List<Directive> directives) {
        List<SettledPush> later = new ArrayList<>();
        for (SettledPush settled : state.getWaitingList()) {
            boolean complete =
                    state.hasNewest() && settled.getVersion() <= state.getNewest().getVersion();
            if (!complete) {
                later.add(settled);
                continue;
            }
            directives.add(
                    forAll(run)
                            .setWorker(settled.getId().getWorker())
                            .setIncarnation(settled.getId().getIncarnation())
                            .setOutcome(
                                    Outcome.newBuilder()
                                            .setSequence(settled.getId().getSequence())
                                            .setAdmitted(settled.getAdmitted())
                                            .setReason(settled.getReason())
                                            .setIterations(settled.getIterations())
                                            .setModel(state.getNewest()))
                            .build());
        }
        state.clearWaiting().addAllWaiting(later);
    }

    private static Optional<RunEnd> endWhenComplete(PublishState.Builder state) {
        long newestPlusOne = state.hasNewest() ? state.getNewest().getVersion() + 1 : 0;
        if (!state.hasEnd() || newestPlusOne < state.getEndVersionPlusOne()) {
            return Optional.empty();
        }
        state.setEnding(true).clearIncomplete().clearWaiting();
        return Optional.of(state.getEnd());
    }

    private static Directive.Builder forAll(String run) {
        return Directive.newBuilder().setProtocol(Protocol.VERSION).setRun(run);
    }

    private Publication() {}
}
