package org.hermesml.simulator.testbed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hermesml.core.InputException;

/**
 * Reads a test bed: one JSON object. Speeds are relative to {@code step}, which says how long a
 * mini-batch step takes at speed 1; {@code "count": n} stands for n devices alike.
 */
public final class TestBedFile {
    /**
     * Two hops through the broker and the checks between them: assumed, a few times what a local
     * broker takes for one.
     */
    static final double HOP_MS = 20;

    private static final double MAX_MS = 1e9;
    private static final double MAX_SECONDS = 1e9;
    private static final double MAX_MBIT = 1e6;
    private static final int MAX_DEVICES = 1_000_000;
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /**
     * @throws InputException where the file cannot be read or holds what no test bed can be; names
     *     file, field, what was found and what is allowed
     */
    public static TestBed read(Path file) {
        try {
            return read(file.toString(), JSON.readTree(Files.readString(file)));
        } catch (JsonProcessingException e) {
            throw new InputException(
                    "Test bed "
                            + file
                            + ", line "
                            + (e.getLocation() == null ? 1 : e.getLocation().getLineNr())
                            + " is no valid JSON ("
                            + e.getOriginalMessage().lines().findFirst().orElse("unreadable")
                            + "); a test bed is one JSON object, as in conf/testbeds/twelve.json.",
                    e);
        } catch (IOException e) {
            throw new InputException(
                    "Test bed "
                            + file
                            + " cannot be read; name a readable file, or a test bed of conf/testbeds.",
                    e);
        }
    }

    private static TestBed read(String file, JsonNode root) {
        Fields fields = Fields.of(file, root);
        String name = fields.text("name");
        String description = fields.textOr("description", "");
        StepTime step = step(fields.object("step"));
        Fields server = fields.object("server");
        ServerSite site =
                new ServerSite(
                        mbit(server, "outMbit"),
                        mbit(server, "inMbit"),
                        server.numberOr("hopMs", HOP_MS, 0, 60_000));
        server.end();
        EvaluatorSite evaluator = evaluator(fields.object("evaluator"), step);
        List<Device> devices = new ArrayList<>();
        for (Fields group : fields.list("devices")) {
            addGroup(file, group, step, devices);
        }
        if (devices.isEmpty()) {
            throw fields.refuse("devices", "is empty", "a list of at least one device");
        }
        requireDistinct(fields, devices);
        fields.end();
        return new TestBed(name, description, site, evaluator, devices);
    }

    private static StepTime step(Fields fields) {
        StepTime step =
                new StepTime(
                        fields.number("fixedMs", 0, MAX_MS),
                        fields.number("perSampleMs", 0, MAX_MS));
        if (step.fixedMs() + step.perSampleMs() <= 0) {
            throw fields.refuse("fixedMs", "and perSampleMs are both 0", "one of them above 0");
        }
        fields.end();
        return step;
    }

    private static EvaluatorSite evaluator(Fields fields, StepTime step) {
        double speed = speed(fields);
        EvaluatorSite site =
                new EvaluatorSite(
                        step.fixedMs() / speed,
                        step.perSampleMs() / speed,
                        link(fields.object("link")));
        fields.end();
        return site;
    }

    private static void addGroup(String file, Fields fields, StepTime step, List<Device> devices) {
        String name = fields.text("name");
        int count = fields.wholeOr("count", 1, 1, MAX_DEVICES);
        double speed = speed(fields);
        double jitter = fields.numberOr("jitter", 0, 0, 0.99);
        long memory = Math.round(fields.numberOr("memoryMb", 64, 0.001, 1e6) * (1 << 20));
        Link link = link(fields.object("link"));
        List<SlowPhase> slow =
                fields.list("slowPhases").stream().map(TestBedFile::slowPhase).toList();
        List<Absence> absences =
                fields.list("absences").stream().map(TestBedFile::absence).toList();
        requireOrder(
                fields,
                "slowPhases",
                slow.stream().map(p -> new double[] {p.fromSeconds(), p.toSeconds()}).toList());
        requireOrder(
                fields,
                "absences",
                absences.stream().map(a -> new double[] {a.fromSeconds(), a.toSeconds()}).toList());
        Attack hostile =
                Attack.of(
                        fields.textOr("hostile", Attack.NONE.key()),
                        "Test bed " + file + ": the 'hostile' of device '" + name + "',");
        fields.end();
        for (int i = 1; i <= count; i++) {
            devices.add(
                    new Device(
                            count == 1 ? name : name + "-" + i,
                            step.fixedMs() / speed,
                            step.perSampleMs() / speed,
                            jitter,
                            slow,
                            memory,
                            link,
                            absences,
                            hostile));
        }
    }

    private static double speed(Fields fields) {
        return fields.number("speed", 1e-6, 1e6);
    }

    private static Link link(Fields fields) {
        Link link =
                new Link(
                        mbit(fields, "upMbit"),
                        mbit(fields, "downMbit"),
                        fields.numberOr("latencyMs", 0, 0, 60_000));
        fields.end();
        return link;
    }

    private static double mbit(Fields fields, String field) {
        return fields.number(field, 1e-3, MAX_MBIT);
    }

    private static SlowPhase slowPhase(Fields fields) {
        double from = fields.number("fromSeconds", 0, MAX_SECONDS);
        SlowPhase phase =
                new SlowPhase(
                        from,
                        fields.number("toSeconds", from, MAX_SECONDS),
                        fields.number("factor", 1, 1e6));
        fields.end();
        return phase;
    }

    private static Absence absence(Fields fields) {
        double from = fields.number("fromSeconds", 0, MAX_SECONDS);
        Absence absence =
                new Absence(
                        from,
                        fields.numberOr("toSeconds", Double.POSITIVE_INFINITY, from, MAX_SECONDS));
        fields.end();
        return absence;
    }

    private static void requireOrder(Fields fields, String field, List<double[]> times) {
        double end = Double.NEGATIVE_INFINITY;
        for (double[] time : times) {
            if (time[0] < end || time[1] <= time[0]) {
                throw fields.refuse(
                        field,
                        "has a time from " + time[0] + " to " + time[1] + " seconds",
                        "times in ascending order, each ending after it begins and before the next");
            }
            end = time[1];
        }
    }

    private static void requireDistinct(Fields fields, List<Device> devices) {
        Set<String> names = new HashSet<>();
        for (Device device : devices) {
            if (!names.add(device.name())) {
                throw fields.refuse(
                        "devices",
                        "names '" + device.name() + "' twice",
                        "names that differ (a group of n is named name-1 to name-n)");
            }
        }
    }

    /** Milliseconds of a mini-batch step at speed 1. */
    private record StepTime(double fixedMs, double perSampleMs) {}

    private TestBedFile() {}
}
