package org.hermesml.core.defence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.method.Method;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AdmissionState;
import org.hermesml.core.state.AdmissionStateOrBuilder;
import org.hermesml.core.state.PendingUpdate;
import org.hermesml.core.state.Trust;

/**
 * What keeps hostile workers from the model: a bound on the norm of an update, and where merges are
 * weighed by the losses that workers report, evaluators that measure whether these are true. A
 * worker's word counts once it was borne out; whoever is found lying again and again is expelled.
 * Nobody waits for anybody but for the score of the own update. Pure.
 */
public final class Defence {
    private static final Trust STRANGER = Trust.getDefaultInstance();

    private final boolean on;
    private final boolean audits;
    private final Claims claims;
    private final double normLimit;
    private final int lies;

    private Defence(boolean on, boolean audits, Claims claims, double normLimit, int lies) {
        this.on = on;
        this.audits = audits;
        this.claims = claims;
        this.normLimit = normLimit;
        this.lies = lies;
    }

    public static Defence of(Settings settings, Method method) {
        return new Defence(
                settings.get(Settings.DEFENCE),
                audits(settings, method),
                Claims.of(settings),
                settings.get(Settings.NORM_LIMIT),
                settings.get(Settings.LIES));
    }

    /** Whether evaluators measure workers' updates to hold their reports against. */
    public static boolean audits(Settings settings, Method method) {
        // What else is pushed is no model that can be measured by itself.
        return settings.get(Settings.DEFENCE)
                && method.updateForm() == UpdateForm.WEIGHTS
                && method.pushRule().usesHeldOutLoss();
    }

    /** Whether scores of updates mean anything here. */
    public boolean audits() {
        return audits;
    }

    // ---- norms

    /** Why the update must be refused for its size; empty: it need not. */
    public String normFault(AdmissionStateOrBuilder state, PendingUpdate update) {
        if (!on) {
            return "";
        }
        List<Double> others = new ArrayList<>();
        state.getTrustMap()
                .forEach(
                        (worker, trust) -> {
                            if (!worker.equals(update.getId().getWorker()) && trust.getNorm() > 0) {
                                others.add(trust.getNorm());
                            }
                        });
        double usual = Middle.of(others);
        double norm = norm(update);
        return norm > normLimit * usual
                ? String.format(
                        Locale.ROOT,
                        "its norm of %.3g is %.3g times the median of the others', and norm_limit is %.3g",
                        norm,
                        norm / usual,
                        normLimit)
                : "";
    }

    private static double norm(PendingUpdate update) {
        double squares = 0;
        for (double square : update.getGoodSlicesMap().values()) {
            squares += square;
        }
        return Math.sqrt(squares);
    }

    // ---- losses

    /** Whether the update is decided on only when an evaluator has measured it, or is late. */
    public boolean awaitsScore(AdmissionStateOrBuilder state, PendingUpdate update) {
        if (!audits || update.getScored()) {
            return false;
        }
        String worker = update.getId().getWorker();
        return trust(state, worker).getProven() == 0
                || claims.isBold(update.getReport().getHeldOutLoss(), claimsBut(state, worker));
    }

    /** Median of the newest losses that the others reported; 0 where there are none. */
    public double usualClaim(AdmissionStateOrBuilder state, String worker) {
        List<Double> others = claimsBut(state, worker);
        return others.isEmpty() ? 0 : Middle.of(others);
    }

    private static List<Double> claimsBut(AdmissionStateOrBuilder state, String worker) {
        List<Double> others = new ArrayList<>();
        state.getTrustMap()
                .forEach(
                        (other, trust) -> {
                            if (!other.equals(worker) && trust.getClaim() > 0) {
                                others.add(trust.getClaim());
                            }
                        });
        return others;
    }

    /**
     * Whether the update must be refused since a score, which is there, gives the lie to its
     * report. Not where most workers are found lying: then it may be that evaluators cannot measure
     * this model as workers do, and the loss that was measured counts for all.
     */
    public boolean isLie(AdmissionStateOrBuilder state, PendingUpdate update) {
        return isFalse(update) && mostAreBorneOut(state, update.getId().getWorker());
    }

    private boolean isFalse(PendingUpdate update) {
        return liesIn(update) > 0;
    }

    private int liesIn(PendingUpdate update) {
        return audits && update.getScored()
                ? claims.lies(
                        update.getReport().getHeldOutLoss(), update.getScore(), update.getRough())
                : 0;
    }

    private static boolean mostAreBorneOut(AdmissionStateOrBuilder state, String but) {
        long borneOut = 0;
        long caught = 1;
        for (Map.Entry<String, Trust> entry : state.getTrustMap().entrySet()) {
            Trust trust = entry.getValue();
            if (trust.getExpelled() || entry.getKey().equals(but)) {
                continue;
            }
            borneOut += trust.getProven() > 0 ? 1 : 0;
            caught += trust.getProven() == 0 && trust.getLies() > 0 ? 1 : 0;
        }
        return borneOut > caught;
    }

    /** Whether the loss that counts is the one that was measured: a rough one tells lies only. */
    public boolean measures(PendingUpdate update) {
        return audits && update.getScored() && (!update.getRough() || isFalse(update));
    }

    /**
     * Whether the lie for which {@code update} is refused is the last that is borne. Half of all
     * workers stay in any case.
     */
    public boolean expels(AdmissionStateOrBuilder state, PendingUpdate update) {
        String worker = update.getId().getWorker();
        long expelled = state.getTrustMap().values().stream().filter(Trust::getExpelled).count();
        return trust(state, worker).getLies() + liesIn(update) >= lies
                && 2 * (expelled + 1) < state.getMembersCount();
    }

    public boolean isExpelled(AdmissionStateOrBuilder state, String worker) {
        return trust(state, worker).getExpelled();
    }

    // ---- what becomes of trust

    /** The update is taken: what is known of it is a measure for others. */
    public void taken(AdmissionState.Builder state, PendingUpdate update) {
        if (!on) {
            return;
        }
        String worker = update.getId().getWorker();
        Trust.Builder trust = trust(state, worker).toBuilder();
        trust.setId(update.getId()).setNorm(norm(update)).setJudged(update.getScored());
        if (audits && !UpdateIds.isInitial(update.getId())) {
            trust.setClaim(update.getReport().getHeldOutLoss());
        }
        state.putTrust(worker, trust.build());
        if (audits && update.getScored()) {
            judge(state, worker, liesIn(update));
        }
    }

    /** The worker was caught before its update was taken. */
    public void caught(AdmissionState.Builder state, PendingUpdate update) {
        judge(state, update.getId().getWorker(), liesIn(update));
    }

    private static void judge(AdmissionState.Builder state, String worker, int found) {
        Trust trust = trust(state, worker);
        state.putTrust(
                worker,
                trust.toBuilder()
                        .setProven(found > 0 ? 0 : trust.getProven() + 1)
                        .setLies(trust.getLies() + found)
                        .setJudged(true)
                        .build());
    }

    /** A score came of an update that was taken on trust. */
    public void audited(AdmissionState.Builder state, UpdateId id, double measured, boolean rough) {
        Trust trust = trust(state, id.getWorker());
        if (!audits || !trust.getId().equals(id) || trust.getJudged()) {
            return;
        }
        judge(state, id.getWorker(), claims.lies(trust.getClaim(), measured, rough));
    }

    /** By an entry of the log: it is no measure for anybody any more. */
    public static void expelled(AdmissionState.Builder state, String worker) {
        state.putTrust(
                worker,
                trust(state, worker).toBuilder().setExpelled(true).setClaim(0).setNorm(0).build());
    }

    /** Names of those that were expelled, in order. */
    public static List<String> expelled(AdmissionStateOrBuilder state) {
        return state.getTrustMap().entrySet().stream()
                .filter(entry -> entry.getValue().getExpelled())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static Trust trust(AdmissionStateOrBuilder state, String worker) {
        return state.getTrustMap().getOrDefault(worker, STRANGER);
    }
}
