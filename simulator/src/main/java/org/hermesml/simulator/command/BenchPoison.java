package org.hermesml.simulator.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.campaign.Plan;
import org.hermesml.simulator.campaign.PlannedRun;
import org.hermesml.simulator.campaign.Variant;
import org.hermesml.simulator.campaign.VariantNames;
import org.hermesml.simulator.testbed.Attack;
import org.hermesml.simulator.testbed.Hostility;
import org.hermesml.simulator.testbed.TestBed;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hermes bench poison}: what hostile workers do to a run, and who is found out. */
@Command(name = "poison")
final class BenchPoison implements Callable<Integer> {
    private static final double SHARE = 0.3;
    private static final int SEEDS = 3;

    @Mixin private CampaignOptions options;

    @Option(names = "--attacks", split = ",", paramLabel = "ATTACK,...")
    private List<String> attacks = Arrays.stream(Attack.values()).map(Attack::key).toList();

    @Option(names = "--partitions", split = ",", paramLabel = "PARTITION,...")
    private List<String> partitions = List.of("iid", "dirichlet");

    @Override
    public Integer call() {
        VariantNames names = options.harness.names();
        List<Variant> variants = new ArrayList<>();
        for (String partition : partitions) {
            variants.add(
                    names.variant("hermes, " + partition, "hermes", partition, changes(partition)));
        }
        List<Attack> chosen = attacks.stream().map(key -> Attack.of(key, "--attacks")).toList();
        List<TestBed> beds = new ArrayList<>();
        for (TestBed clean : options.harness.testBeds("ten")) {
            for (Attack attack : chosen) {
                beds.add(attack == Attack.NONE ? clean : poisoned(clean, attack));
            }
        }
        List<PlannedRun> plan = Plan.of(beds, variants, options.harness.seed, options.seeds(SEEDS));
        return new Harness(options).run("Hostile workers", "poison", plan, List.of());
    }

    /**
     * With classes out of proportion, what a worker trains alone makes its held-out loss worse, and
     * gates let nobody push: there all push, and a worse loss weighs less heavily.
     */
    private static Map<String, String> changes(String partition) {
        Map<String, String> changes = new TreeMap<>();
        changes.put(Settings.PARTITION.key(), partition);
        changes.put(Settings.MAX_TIME.key(), "1m");
        if (!partition.equals("iid")) {
            changes.put(Settings.GATE.key(), "false");
            changes.put(Settings.LOSS_POWER.key(), "1");
            changes.put(Settings.TARGET_ACCURACY.key(), "0.95");
        }
        return changes;
    }

    private static TestBed poisoned(TestBed clean, Attack attack) {
        return new Hostility(SHARE, attack).on(clean).named(clean.name() + ", " + attack.key());
    }
}
