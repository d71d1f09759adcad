package org.hermesml.core.defence;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.hermesml.core.keyed.SortedNumbers;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.settings.Settings;

/**
 * What of a run its evaluator measures next: a new version, or one of the updates, first those
 * whose workers wait for it, since nothing has borne out their word yet or since they claim much
 * more than others, then some of the rest, drawn at random so that no worker knows when it is
 * looked at. Of each worker only the newest update counts. One thread at a time.
 */
public final class AuditPlan {
    private final Claims claims;
    private final double share;
    private final SplittableRandom random;
    private final Map<String, Audited> workers = new HashMap<>();
    private final SortedNumbers newestClaims = new SortedNumbers();
    private long audits;

    /** The last thing that was measured was a version. */
    private boolean afterVersion = true;

    /** Of one worker. */
    private static final class Audited {
        private UpdateId newest;
        private boolean complete;
        private boolean drawn;
        private boolean bold;
        private boolean proven;
        private double claim = Double.NaN;
        private UpdateId claimed;
        private long lastAudit;
        private int audits;
    }

    /**
     * What to measure.
     *
     * @param rough on a quarter of the held-out samples, drawn anew: enough for the first look at a
     *     worker, and soon done where all come at once
     */
    public record Audit(UpdateId id, boolean rough) {}

    /**
     * @param seed that workers do not know
     */
    public AuditPlan(Settings settings, long seed) {
        this.claims = Claims.of(settings);
        this.share = settings.get(Settings.AUDIT_SHARE);
        this.random = new SplittableRandom(seed);
    }

    /** A report says of its update that it has this loss; before or after the update. */
    public void claimed(UpdateId id, double loss) {
        Audited audited = of(id);
        if (audited == null) {
            return;
        }
        audited.claimed = id;
        audited.claim = loss;
        newestClaims.put(id.getWorker(), loss);
        audited.bold = claims.isBold(id.getWorker(), loss, newestClaims);
    }

    /** An update can be measured. */
    public void complete(UpdateId id) {
        Audited audited = of(id);
        if (audited != null && !audited.complete) {
            audited.complete = true;
            // A first look is followed by a closer one, for which nobody waits.
            audited.drawn = random.nextDouble() < share || audited.audits == 1;
        }
    }

    public boolean isEmpty() {
        return workers.values().stream().noneMatch(AuditPlan::isWanted);
    }

    /**
     * What to measure now; it is not named again. Where there is a new version of the model, it and
     * an update for which somebody waits take turns.
     *
     * @param newVersion whether there is one
     * @return empty: that version, or nothing where there is none
     */
    public Optional<Audit> next(boolean newVersion) {
        if (newVersion && !(afterVersion && isAwaited())) {
            afterVersion = true;
            return Optional.empty();
        }
        Optional<Audited> first =
                workers.values().stream()
                        .filter(AuditPlan::isWanted)
                        .min(
                                Comparator.comparing((Audited a) -> !isUrgent(a))
                                        .thenComparingLong(a -> a.lastAudit)
                                        .thenComparing(a -> a.newest.getWorker()));
        return first.map(this::begin);
    }

    private boolean isAwaited() {
        return workers.values().stream().anyMatch(a -> a.complete && isUrgent(a));
    }

    private Audit begin(Audited audited) {
        audited.complete = false;
        audited.lastAudit = ++audits;
        audited.audits++;
        afterVersion = false;
        return new Audit(audited.newest, audited.audits == 1);
    }

    /** What was measured. */
    public void measured(Audit audit, double loss) {
        UpdateId id = audit.id();
        Audited audited = workers.get(id.getWorker());
        if (audited != null && id.equals(audited.claimed)) {
            audited.proven = !claims.isFalse(audited.claim, loss, audit.rough());
        }
    }

    private static boolean isWanted(Audited audited) {
        return audited.complete && (isUrgent(audited) || audited.drawn);
    }

    private static boolean isUrgent(Audited audited) {
        return !audited.proven || audited.bold;
    }

    /** The place of {@code id}; null where a newer update of its worker is known. */
    private Audited of(UpdateId id) {
        Audited audited = workers.computeIfAbsent(id.getWorker(), worker -> new Audited());
        int age = audited.newest == null ? 1 : UpdateIds.AGE.compare(id, audited.newest);
        if (age > 0) {
            audited.newest = id;
            audited.complete = false;
            audited.drawn = false;
            audited.bold = false;
        }
        return age < 0 ? null : audited;
    }
}
