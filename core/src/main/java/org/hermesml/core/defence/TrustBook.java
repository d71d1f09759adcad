package org.hermesml.core.defence;

import java.util.List;
import java.util.Map;
import org.hermesml.core.keyed.KeyedEntries;
import org.hermesml.core.keyed.SortedNumbers;
import org.hermesml.core.state.Trust;

/** How far each worker's word is taken, and what is usual among the others. */
public final class TrustBook {
    private static final Trust STRANGER = Trust.getDefaultInstance();

    private final KeyedEntries<Trust> workers = new KeyedEntries<>();
    private final SortedNumbers norms = new SortedNumbers();
    private final SortedNumbers claims = new SortedNumbers();

    public TrustBook(Map<String, Trust> known) {
        known.forEach(this::put);
    }

    /** By worker, whatever life. */
    public KeyedEntries<Trust> workers() {
        return workers;
    }

    /** Names of those that were expelled, in order. */
    public List<String> expelled() {
        return workers.asMap().entrySet().stream()
                .filter(entry -> entry.getValue().getExpelled())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** By an entry of the log: it is no measure for anybody any more. */
    public void expel(String worker) {
        put(worker, get(worker).toBuilder().setExpelled(true).setClaim(0).setNorm(0).build());
    }

    Trust get(String worker) {
        return workers.getOrDefault(worker, STRANGER);
    }

    void put(String worker, Trust trust) {
        workers.put(worker, trust);
        norms.put(worker, trust.getNorm());
        claims.put(worker, trust.getClaim());
    }

    /** Norms of the newest updates that were taken of each. */
    SortedNumbers norms() {
        return norms;
    }

    /** Losses that each reported of its newest update. */
    SortedNumbers claims() {
        return claims;
    }
}
