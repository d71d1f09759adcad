package org.hermesml.core.defence;

import java.util.Locale;
import java.util.Map;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.method.Method;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.PendingUpdate;
import org.hermesml.core.state.Trust;

/**
 * What keeps hostile workers from the model: a bound on the norm of an update, and where merges are
 * weighed by the losses that workers report, evaluators that measure whether these are true. A
 * worker's word counts once it was borne out; whoever is found lying again and again is expelled.
 * Nobody waits for anybody but for the score of the own update.
 */
public final class Defence {
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
    public String normFault(TrustBook trust, PendingUpdate update) {
        if (!on) {
            return "";
        }
        double usual = trust.norms().medianBut(update.getId().getWorker());
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
    public boolean awaitsScore(TrustBook trust, PendingUpdate update) {
        if (!audits || update.getScored()) {
            return false;
        }
        String worker = update.getId().getWorker();
        return isUnproven(trust, worker)
                || claims.isBold(worker, update.getReport().getHeldOutLoss(), trust.claims());
    }

    /**
     * Whether no update of the worker, which is none that was expelled, counts before its score.
     */
    public boolean isUnproven(TrustBook trust, String worker) {
        Trust known = trust.get(worker);
        return audits && known.getProven() == 0 && !known.getExpelled();
    }

    /** Median of the newest losses that the others reported; 0 where there are none. */
    public double usualClaim(TrustBook trust, String worker) {
        return trust.claims().countBut(worker) == 0 ? 0 : trust.claims().medianBut(worker);
    }

    /**
     * Whether the update must be refused since a score, which is there, gives the lie to its
     * report. Not where most workers are found lying: then it may be that evaluators cannot measure
     * this model as workers do, and the loss that was measured counts for all.
     */
    public boolean isLie(TrustBook trust, PendingUpdate update) {
        return isFalse(update) && mostAreBorneOut(trust, update.getId().getWorker());
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

    private static boolean mostAreBorneOut(TrustBook trust, String but) {
        long borneOut = 0;
        long caught = 1;
        for (Map.Entry<String, Trust> entry : trust.workers().asMap().entrySet()) {
            Trust other = entry.getValue();
            if (other.getExpelled() || entry.getKey().equals(but)) {
                continue;
            }
            borneOut += other.getProven() > 0 ? 1 : 0;
            caught += other.getProven() == 0 && other.getLies() > 0 ? 1 : 0;
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
     *
     * @param members how many have ever joined
     */
    public boolean expels(TrustBook trust, PendingUpdate update, int members) {
        String worker = update.getId().getWorker();
        return trust.get(worker).getLies() + liesIn(update) >= lies
                && 2 * (trust.expelled().size() + 1) < members;
    }

    public boolean isExpelled(TrustBook trust, String worker) {
        return trust.get(worker).getExpelled();
    }

    // ---- what becomes of trust

    /** The update is taken: what is known of it is a measure for others. */
    public void taken(TrustBook trust, PendingUpdate update) {
        if (!on) {
            return;
        }
        String worker = update.getId().getWorker();
        Trust.Builder next = trust.get(worker).toBuilder();
        next.setId(update.getId()).setNorm(norm(update)).setJudged(update.getScored());
        if (audits && !UpdateIds.isInitial(update.getId())) {
            next.setClaim(update.getReport().getHeldOutLoss());
        }
        trust.put(worker, next.build());
        if (audits && update.getScored()) {
            judge(trust, worker, liesIn(update));
        }
    }

    /** The worker was caught before its update was taken. */
    public void caught(TrustBook trust, PendingUpdate update) {
        judge(trust, update.getId().getWorker(), liesIn(update));
    }

    private static void judge(TrustBook trust, String worker, int found) {
        Trust before = trust.get(worker);
        trust.put(
                worker,
                before.toBuilder()
                        .setProven(found > 0 ? 0 : before.getProven() + 1)
                        .setLies(before.getLies() + found)
                        .setJudged(true)
                        .build());
    }

    /** A score came of an update that was taken on trust. */
    public void audited(TrustBook trust, UpdateId id, double measured, boolean rough) {
        Trust known = trust.get(id.getWorker());
        if (!audits || !known.getId().equals(id) || known.getJudged()) {
            return;
        }
        judge(trust, id.getWorker(), claims.lies(known.getClaim(), measured, rough));
    }
}
