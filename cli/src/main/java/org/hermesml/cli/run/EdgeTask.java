package org.hermesml.cli.run;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.hermesml.cli.local.ChildCommand;
import org.hermesml.cli.local.ChildProcess;
import org.hermesml.core.InputException;

/** Something that the device program does once and answers with one line. */
public final class EdgeTask {
    /**
     * The answer is in the pipe when the process ends; this is only for the thread that reads it.
     */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private static final int BAD_INPUT = 2;
    private static final Pattern SPEAKER = Pattern.compile("^hermes[a-z-]*( [a-z]+)?: ");

    /** Time, level and class of a line in a log. */
    private static final Pattern LOGGED =
            Pattern.compile("^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} [A-Z]+ +\\S+ ");

    private final ChildProcess process;
    private final CompletableFuture<String> answer;

    private EdgeTask(ChildProcess process, CompletableFuture<String> answer) {
        this.process = process;
        this.answer = answer;
    }

    public static EdgeTask start(ChildCommand command) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        ChildProcess process =
                command.lines(
                                line -> {
                                    if (line.startsWith("{")) {
                                        answer.complete(line);
                                    }
                                })
                        .start();
        return new EdgeTask(process, answer);
    }

    ChildProcess process() {
        return process;
    }

    boolean isDone() {
        return !process.isAlive();
    }

    /**
     * Waits for the end.
     *
     * @return the line that it answered
     * @throws InputException with the process's own sentence when it found bad input
     * @throws RunFailure when it failed otherwise
     */
    public String await() {
        try {
            int code = process.onExit().get();
            if (code != 0) {
                throw failure(process, code);
            }
            return answer.get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            process.close();
            Thread.currentThread().interrupt();
            throw new RunFailure(process.name() + " was interrupted.", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new RunFailure(
                    process.name() + " ended without an answer; see " + process.log() + ".", e);
        }
    }

    /** Why a process of the device program ended with {@code code}. */
    public static RuntimeException failure(ChildProcess process, int code) {
        String reason = reason(process.lastLines(200));
        if (code == BAD_INPUT && !reason.isEmpty()) {
            return new InputException(reason);
        }
        return new RunFailure(
                process.name()
                        + " ended with code "
                        + code
                        + (reason.isEmpty() ? "" : ": " + unpunctuated(reason))
                        + "; see "
                        + process.log()
                        + ".");
    }

    /**
     * The last thing that a log says for people: the sentence of the program itself, else the last
     * line that is no stack trace.
     */
    static String reason(String log) {
        String last = "";
        String sentence = "";
        for (String line : log.split("\n")) {
            if (SPEAKER.matcher(line).find()) {
                sentence = SPEAKER.matcher(line).replaceFirst("");
            }
            boolean trace =
                    line.startsWith("\t")
                            || line.startsWith("Caused by:")
                            || line.startsWith("    at ");
            if (!trace && !line.isBlank()) {
                last = line.strip();
            }
        }
        return sentence.isEmpty() ? LOGGED.matcher(last).replaceFirst("") : sentence;
    }

    private static String unpunctuated(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
