package org.hermesml.core.account;

import org.hermesml.core.message.WorkerSelection;

/**
 * Who may take part in a run; asked by the worker before it joins and by the server when it does.
 */
public final class Selections {
    public static boolean admits(WorkerSelection selection, String worker, String label) {
        boolean byName =
                selection.getNamesCount() == 0 || selection.getNamesList().contains(worker);
        boolean byLabel = selection.getLabel().isEmpty() || selection.getLabel().equals(label);
        return byName && byLabel;
    }

    private Selections() {}
}
