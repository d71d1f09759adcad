package org.hermesml.core.method;

import org.hermesml.core.InputException;
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
            case "hermes" -> new Hermes(settings);
            case "official" -> new Official(settings);
            case "bsp", "balanced" -> new BulkSynchronous(settings);
            case "asp" -> new Asynchronous(settings);
            case "ssp" -> new StaleSynchronous(settings);
            case "ebsp" -> new ElasticBarrier(settings);
            case "selsync" -> new SelectiveSynchronisation(settings);
            case "fedasync" -> new FederatedAsynchronous(settings);
            case "fedbuff" -> new FederatedBuffered(settings);
            case "ringmaster" -> new RingmasterAsynchronous(settings);
            case "local" -> new LocalOnly(settings);
            default ->
                    throw new IllegalStateException(
                            "Method " + key + " is declared in Settings but not here.");
        };
    }

    private Methods() {}
}
