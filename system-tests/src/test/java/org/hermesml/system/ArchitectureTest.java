package org.hermesml.system;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who may know whom, and what the rules may never ask for: docs/design.md, chapters 1 and 2. */
class ArchitectureTest {
    private static final String CORE = "org.hermesml.core..";
    private static final String TRAINING = "org.hermesml.training..";
    private static final String OPERATORS = "org.hermesml.operators..";
    private static final String JOB = "org.hermesml.job..";
    private static final String EDGE = "org.hermesml.edge..";
    private static final String CLI = "org.hermesml.cli..";
    private static final String SIMULATOR = "org.hermesml.simulator..";

    /**
     * The simulator's command shows real time and how much of it is left; nothing else there may.
     */
    private static final String SIMULATOR_COMMAND = "org.hermesml.simulator.command..";

    private static final String FLINK = "org.apache.flink..";
    private static final String KAFKA = "org.apache.kafka..";
    private static final String KAFKA_CONNECTOR = "org.apache.flink.connector.kafka..";
    private static final String[] TENSORS = {
        "org.nd4j..", "org.deeplearning4j..", "org.bytedeco..", "ai.djl.."
    };

    private static final JavaClasses PRODUCT =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("org.hermesml");

    @Test
    void everyModuleIsLookedAt() {
        for (String module : List.of(CORE, TRAINING, OPERATORS, JOB, EDGE, SIMULATOR, CLI)) {
            long count = PRODUCT.stream().filter(resideInAPackage(module)).count();
            assertTrue(count > 3, module + ": " + count);
        }
    }

    @Test
    void coreKnowsNothingButItself() {
        noneIn(CORE, TRAINING, OPERATORS, JOB, EDGE, SIMULATOR, CLI);
        noneIn(CORE, FLINK, KAFKA);
        noneIn(CORE, TENSORS);
        check(
                classes()
                        .that()
                        .resideInAPackage(CORE)
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(CORE, "java..", "com.google.protobuf.."));
    }

    @Test
    void trainingKnowsOnlyCore() {
        noneIn(TRAINING, OPERATORS, JOB, EDGE, SIMULATOR, CLI);
        noneIn(TRAINING, FLINK, KAFKA);
    }

    @Test
    void onlyTrainingKnowsTheEngine() {
        check(
                noClasses()
                        .that(
                                resideInAPackage("org.hermesml..")
                                        .and(not(resideInAPackage(TRAINING))))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(TENSORS));
    }

    @Test
    void operatorsKnowOnlyCoreAndFlink() {
        noneIn(OPERATORS, JOB, TRAINING, EDGE, SIMULATOR, CLI);
        noneIn(OPERATORS, KAFKA, KAFKA_CONNECTOR);
        noneIn(OPERATORS, TENSORS);
    }

    @Test
    void theJobKnowsOnlyOperatorsAndCore() {
        noneIn(JOB, TRAINING, EDGE, SIMULATOR, CLI);
        noneIn(JOB, TENSORS);
    }

    @Test
    void devicesKnowNoFlink() {
        noneIn(EDGE, FLINK);
        noneIn(EDGE, OPERATORS, JOB, SIMULATOR, CLI);
    }

    @Test
    void theSimulatorKnowsOnlyTrainingAndCore() {
        noneIn(SIMULATOR, OPERATORS, JOB, EDGE, CLI);
        noneIn(SIMULATOR, FLINK, KAFKA);
    }

    @Test
    void theCommandStartsDevicesAndSimulationsAsProcessesOnly() {
        noneIn(CLI, EDGE, TRAINING, SIMULATOR);
        noneIn(CLI, TENSORS);
    }

    @Test
    void rulesAskForNoTimeAndNoChance() {
        noTimeAndNoChance(resideInAPackage(CORE)).check(PRODUCT);
    }

    /** Its randomness has a seed: a generator is made from a number that it is given. */
    @Test
    void virtualTimeAsksForNoRealTimeAndNoUnseededChance() {
        noTimeAndNoChance(resideInAPackage(SIMULATOR).and(not(resideInAPackage(SIMULATOR_COMMAND))))
                .check(PRODUCT);
    }

    /** A rule that nothing can break proves nothing. */
    @Test
    void aRuleThatAsksForTimeOrChanceIsFound() {
        JavaClasses here = new ClassFileImporter().importClasses(Restless.class);
        ArchRule rule = noTimeAndNoChance(resideInAPackage("org.hermesml.system.."));
        assertTrue(
                rule.evaluate(here).getFailureReport().getDetails().size() >= 10,
                () -> rule.evaluate(here).getFailureReport().toString());
        assertThrows(AssertionError.class, () -> rule.check(here));
    }

    @Test
    void nobodyUsesLombok() {
        noneIn("org.hermesml..", "lombok..");
    }

    private static ArchRule noTimeAndNoChance(DescribedPredicate<JavaClass> where) {
        return noClasses()
                .that(where)
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .callConstructor(Random.class)
                .orShould()
                .callConstructor(SplittableRandom.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocalRandom.class)
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(TimeUnit.class, "sleep", long.class)
                .because("time and seed are given to a rule: the same events, the same decisions");
    }

    private static void noneIn(String where, String... forbidden) {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(where)
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(forbidden)));
    }

    private static void check(ArchRule rule) {
        rule.check(PRODUCT);
    }

    /** Does all that a rule must not. */
    static final class Restless {
        static double everything() throws InterruptedException {
            Thread.sleep(0);
            TimeUnit.MILLISECONDS.sleep(0);
            return System.currentTimeMillis()
                    + System.nanoTime()
                    + Instant.now().getNano()
                    + LocalDateTime.now().getNano()
                    + Clock.systemUTC().millis()
                    + new Random().nextDouble()
                    + new SplittableRandom().nextDouble()
                    + Math.random()
                    + ThreadLocalRandom.current().nextDouble()
                    + UUID.randomUUID().hashCode();
        }

        private Restless() {}
    }
}
