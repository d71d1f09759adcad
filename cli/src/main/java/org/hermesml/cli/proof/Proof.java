package org.hermesml.cli.proof;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.hermesml.cli.run.RunFailure;
import org.hermesml.cli.run.RunFiles;
import org.hermesml.core.InputException;
import picocli.CommandLine;

/**
 * What commands that prove something have in common: a folder that takes the result, and meanwhile
 * logs and data, and how the result is told.
 *
 * @param folder absolute
 */
public record Proof(Path folder) {
    /** What was found. */
    public interface Result {
        ObjectNode json();

        /** For people. */
        List<String> lines();

        /** Whether it is what was to be proven. */
        boolean reached();

        /** Whether data may tell more than the result does. */
        boolean needsData();
    }

    /**
     * Makes the folder.
     *
     * @throws InputException when it is there and not empty, or cannot be made
     */
    public static Proof in(Path folder) {
        RunFiles.requireEmpty(folder);
        Proof proof = new Proof(folder.toAbsolutePath());
        try {
            Files.createDirectories(proof.data());
        } catch (IOException e) {
            throw new InputException(
                    "--out " + folder + " cannot be made a folder: " + e.getMessage() + ".", e);
        }
        return proof;
    }

    /** Data of broker and cluster; gone afterwards unless they are asked for. */
    public Path data() {
        return folder.resolve("data");
    }

    public Path logs() {
        return folder.resolve("logs");
    }

    /** Where words about the progress go: to standard error. */
    public static Consumer<String> words(CommandLine command) {
        PrintWriter err = command.getErr();
        return words -> {
            err.println(words);
            err.flush();
        };
    }

    /**
     * Writes the result to {@code file} of the folder, and says it.
     *
     * @param keep whether the data stay in any case
     * @return exit code
     */
    public int tell(Result result, String file, boolean keep, CommandLine command) {
        try {
            RunFiles.writeJson(folder.resolve(file), result.json());
        } catch (IOException e) {
            throw new RunFailure("The result cannot be written: " + e.getMessage() + ".", e);
        }
        if (!keep && !result.needsData()) {
            RunFiles.delete(data());
        }
        PrintWriter out = command.getOut();
        result.lines().forEach(out::println);
        out.println(folder.resolve(file));
        out.flush();
        return result.reached() ? 0 : 1;
    }
}
