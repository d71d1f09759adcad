package org.hermesml.cli.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.hermesml.cli.HermesCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What the program that simulates is given of a command line. */
class CampaignOptionsTest {
    @Test
    void everyOptionIsPassedOnInOneWord() {
        assertEquals(
                List.of(
                        "--dataset=digits",
                        "--testbed=equal",
                        "--seed=3",
                        "--set=alpha=-1.6",
                        "--set=beta=0",
                        "--max-time=1h",
                        "--seeds=2"),
                arguments(
                        "simulate --set alpha=-1.6 --seeds 2 --seed 3 --dataset digits --set beta=0"
                                + " --max-time 1h --testbed equal"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"simulate", "ablate", "bench paper", "bench scale"})
    void aStackTraceAskedForIsPassedOn(String command) {
        assertEquals(List.of(), arguments(command));
        assertEquals(List.of("--stacktrace"), arguments(command + " --stacktrace"));
        assertEquals(List.of("--stacktrace"), arguments("--stacktrace " + command));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bench scale --seeds 2", "bench scale --out x", "bench training --jobs 2"})
    void whatACommandWouldIgnoreIsUnknownToIt(String command) {
        UnmatchedArgumentException fault =
                assertThrows(UnmatchedArgumentException.class, () -> arguments(command));
        assertTrue(fault.getMessage().contains("Unknown option"), fault::getMessage);
    }

    @Test
    void theMeasuringProgramGetsItsOwnOptions() {
        assertEquals(
                List.of("--models=mlp,cnn", "--rounds=3", "--no-memory"),
                arguments("bench training --rounds 3 --no-memory --models mlp,cnn"));
    }

    private static List<String> arguments(String command) {
        ParseResult parsed = HermesCommand.commandLine().parseArgs(command.split(" "));
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        Object options = parsed.commandSpec().mixins().values().iterator().next().userObject();
        if (options instanceof BenchTrainingOptions training) {
            return training.arguments();
        }
        if (options instanceof CampaignOptions campaign) {
            return campaign.arguments();
        }
        return options instanceof SimulationOptions simulation
                ? simulation.arguments()
                : ((WorkloadOptions) options).arguments();
    }
}
