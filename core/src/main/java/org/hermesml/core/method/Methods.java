package org.hermesml.core.method;

import org.hermesml.core.InputException;
import org.hermesml.core.gate.AlwaysPush;
import org.hermesml.core.gate.CountedPush;
import org.hermesml.core.gate.Gate;
import org.hermesml.core.gate.GradientChange;
import org.hermesml.core.gate.TargetReached;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.settings.Settings;

/** All methods, by key. */
public final class Methods {
    /**
     * The method that {@code settings} choose.
     *
     * @throws InputException when it does not go with another of them
     */
    public static Method of(Settings settings) {
        String key = settings.get(Settings.METHOD);
        return switch (key) {
            case "hermes" ->
                    new Method(
                            key,
                            averages(settings) ? UpdateForm.WEIGHTS : UpdateForm.DELTA,
                            settings.get(Settings.GATE) ? Gate.of(settings) : new AlwaysPush(true),
                            new Hermes(settings));
            case "official" ->
                    new Method(
                            key,
                            UpdateForm.GRADIENT_SUM,
                            Gate.of(settings),
                            new Official(settings));
            case "bsp", "balanced" ->
                    new Method(
                            key,
                            UpdateForm.WEIGHTS,
                            new AlwaysPush(),
                            new BulkSynchronous(settings));
            case "asp" ->
                    new Method(key, UpdateForm.DELTA, new AlwaysPush(), new Asynchronous(settings));
            case "ssp" ->
                    new Method(
                            key,
                            UpdateForm.DELTA,
                            new AlwaysPush(),
                            new StaleSynchronous(settings));
            case "ebsp" ->
                    new Method(
                            key,
                            UpdateForm.WEIGHTS,
                            new CountedPush(),
                            new ElasticBarrier(settings));
            case "selsync" ->
                    new Method(
                            key,
                            UpdateForm.WEIGHTS,
                            new GradientChange(
                                    settings.get(Settings.SELSYNC_DELTA),
                                    settings.get(Settings.SELSYNC_SMOOTHING)),
                            new SelectiveSynchronisation(settings));
            case "fedasync" ->
                    new Method(
                            key,
                            UpdateForm.WEIGHTS,
                            new AlwaysPush(),
                            new FederatedAsynchronous(settings));
            case "fedbuff" ->
                    new Method(
                            key,
                            UpdateForm.DELTA,
                            new AlwaysPush(),
                            new FederatedBuffered(settings));
            case "ringmaster" ->
                    new Method(
                            key,
                            UpdateForm.DELTA,
                            new AlwaysPush(),
                            new RingmasterAsynchronous(settings));
            case "local" ->
                    new Method(
                            key,
                            UpdateForm.WEIGHTS,
                            new TargetReached(settings.get(Settings.TARGET_ACCURACY)),
                            new LocalOnly());
            default ->
                    throw new IllegalStateException(
                            "Method " + key + " is declared in Settings but not here.");
        };
    }

    /** Whether `hermes` merges towards workers' weights, and not by what they changed. */
    static boolean averages(Settings settings) {
        return settings.get(Settings.MERGE).equals("average");
    }

    private Methods() {}
}
