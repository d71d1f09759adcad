package org.hermesml.edge.evaluator;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.wire.Values;

/**
 * Updates of one run whose slices are coming in. Of each worker only the newest one counts: a
 * worker waits for the outcome of one push before it makes the next. One thread at a time.
 */
final class PartialUpdates {
    private final int parameterCount;
    private final UpdateForm form;
    private final Map<String, UpdateId> newest = new HashMap<>();
    private final Map<String, TreeMap<Integer, UpdateSlice>> slices = new HashMap<>();
    private final Map<String, UpdateId> ready = new LinkedHashMap<>();

    /**
     * @param form of the updates of this run; no other is taken
     */
    PartialUpdates(int parameterCount, UpdateForm form) {
        this.parameterCount = parameterCount;
        this.form = form;
    }

    /**
     * Takes a slice in; one that is damaged or of an older update changes nothing.
     *
     * @return the update that is complete with it; empty where none is
     */
    Optional<UpdateId> take(UpdateSlice slice) {
        UpdateId id = slice.getId();
        if (UpdateIds.isInitial(id) || slice.getForm() != form || !isGood(slice)) {
            return Optional.empty();
        }
        UpdateId known = newest.get(id.getWorker());
        int age = known == null ? 1 : UpdateIds.AGE.compare(id, known);
        if (age < 0) {
            return Optional.empty();
        }
        if (age > 0) {
            newest.put(id.getWorker(), id);
            slices.put(id.getWorker(), new TreeMap<>());
            ready.remove(id.getWorker());
        }
        TreeMap<Integer, UpdateSlice> parts = slices.get(id.getWorker());
        if (parts == null) {
            return Optional.empty();
        }
        parts.put(slice.getSlice(), slice);
        if (parts.size() < slice.getSliceCount()) {
            return Optional.empty();
        }
        ready.put(id.getWorker(), id);
        return Optional.of(id);
    }

    private boolean isGood(UpdateSlice slice) {
        long end = slice.getFirst() + slice.getCount();
        return slice.getFirst() >= 0
                && end <= parameterCount
                && slice.getSlice() >= 0
                && slice.getSlice() < slice.getSliceCount()
                && Values.fits(slice.getValues(), slice.getCount(), slice.getType())
                && Values.crc32c(slice.getValues()) == slice.getCrc32C();
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    /**
     * The complete update that has waited longest; it is forgotten.
     *
     * @param into takes its values, {@code [parameterCount]}
     */
    Optional<UpdateId> next(float[] into) {
        if (ready.isEmpty()) {
            return Optional.empty();
        }
        UpdateId id = ready.values().iterator().next();
        read(id, into);
        return Optional.of(id);
    }

    /**
     * Likewise of one that is complete.
     *
     * @return whether it is still here: a newer one may have taken its place
     */
    boolean read(UpdateId id, float[] into) {
        if (!ready.remove(id.getWorker(), id)) {
            return false;
        }
        // The empty place says that slices of this update which come again are not needed.
        for (UpdateSlice slice : slices.put(id.getWorker(), null).values()) {
            Values.decode(slice.getValues(), slice.getType(), into, (int) slice.getFirst());
        }
        return true;
    }
}
