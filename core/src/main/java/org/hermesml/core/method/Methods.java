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
            case "hermes" -> hermes(settings);
            case "official" ->
                    new Method(
                            UpdateForm.GRADIENT_SUM,
                            Gate.official(settings),
                            new Official(settings));
            case "bsp", "balanced" -> always(UpdateForm.WEIGHTS, new BulkSynchronous(settings));
            case "asp" -> always(UpdateForm.DELTA, new Asynchronous(settings));
            case "ssp" -> always(UpdateForm.DELTA, new StaleSynchronous(settings));
            case "ebsp" ->
                    new Method(UpdateForm.WEIGHTS, new CountedPush(), new ElasticBarrier(settings));
            case "selsync" ->
                    new Method(
                            UpdateForm.WEIGHTS,
                            new GradientChange(
                                    settings.get(Settings.SELSYNC_DELTA),
                                    settings.get(Settings.SELSYNC_SMOOTHING)),
                            new SelectiveSynchronisation(settings));
            case "fedasync" -> always(UpdateForm.WEIGHTS, new FederatedAsynchronous(settings));
            case "fedbuff" -> always(UpdateForm.DELTA, new FederatedBuffered(settings));
            case "ringmaster" -> always(UpdateForm.DELTA, new RingmasterAsynchronous(settings));
            case "local" ->
                    new Method(
                            UpdateForm.WEIGHTS,
                            new TargetReached(settings.get(Settings.TARGET_ACCURACY)),
                            new LocalOnly());
            default ->
                    throw new IllegalStateException(
                            "Method " + key + " is declared in Settings but not here.");
        };
    }

    private static Method hermes(Settings settings) {
        String merge = settings.get(Settings.MERGE);
        PushRule push = settings.get(Settings.GATE) ? Gate.of(settings) : new AlwaysPush(true);
        return switch (merge) {
            case "round" -> new Method(UpdateForm.WEIGHTS, push, new HermesRounds(settings));
            case "average" -> new Method(UpdateForm.WEIGHTS, push, new Hermes(settings, true));
            default -> new Method(UpdateForm.DELTA, push, new Hermes(settings, false));
        };
    }

    private static Method always(UpdateForm form, AdmissionRule rule) {
        return new Method(form, new AlwaysPush(), rule);
    }

    private Methods() {}
}
