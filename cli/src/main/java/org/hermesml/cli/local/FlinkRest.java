package org.hermesml.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hermesml.core.InputException;

/**
 * Flink's REST interface, as much of it as we need. All calls block; any thread may call. Every
 * call throws {@link InputException} when no cluster answers, and {@link FlinkRefusal} when it
 * answers with an error.
 */
public final class FlinkRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
    private final String address;

    /** Slots and processes of a cluster. */
    public record Overview(int taskManagers, int slotsTotal, int slotsFree, int jobsRunning) {}

    /**
     * @param state as Flink names it: CREATED, RUNNING, RESTARTING, FAILED, CANCELED, FINISHED ...
     */
    public record Job(String id, String name, String state) {}

    /**
     * One operator chain of a job.
     *
     * @param running how many of its subtasks run
     */
    public record Vertex(String id, String name, int parallelism, int running) {}

    /**
     * @throws InputException when {@code address} is no http address
     */
    public FlinkRest(String address) {
        try {
            URI uri = URI.create(address);
            if (uri.getHost() == null
                    || !List.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
                throw new IllegalArgumentException("no http address");
            }
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    "'"
                            + address
                            + "' is no address of a Flink cluster; write it as http://localhost:8081.",
                    e);
        }
        this.address = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    }

    public String address() {
        return address;
    }

    public Overview overview() {
        JsonNode o = get("/overview");
        return new Overview(
                o.path("taskmanagers").asInt(),
                o.path("slots-total").asInt(),
                o.path("slots-available").asInt(),
                o.path("jobs-running").asInt());
    }

    /** Names of the TaskManagers of a local cluster that a job runs in. */
    public List<String> busyTaskManagers() {
        List<String> busy = new ArrayList<>();
        for (JsonNode manager : get("/taskmanagers").path("taskmanagers")) {
            if (manager.path("freeSlots").asInt() < manager.path("slotsNumber").asInt()) {
                busy.add(FlinkCommands.nameOf(manager.path("id").asText()));
            }
        }
        return busy;
    }

    /** All jobs that the cluster remembers. */
    public List<Job> jobs() {
        List<Job> jobs = new ArrayList<>();
        get("/jobs/overview")
                .path("jobs")
                .forEach(
                        j ->
                                jobs.add(
                                        new Job(
                                                j.path("jid").asText(),
                                                j.path("name").asText(),
                                                j.path("state").asText())));
        return jobs;
    }

    /** Brings a job jar to the cluster; returns the id under which it lies there. */
    public String upload(Path jar) {
        String boundary = "hermes-" + UUID.randomUUID();
        String head =
                "--"
                        + boundary
                        + "\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\""
                        + jar.getFileName()
                        + "\"\r\nContent-Type: application/java-archive\r\n\r\n";
        BodyPublisher body;
        try {
            body =
                    BodyPublishers.concat(
                            BodyPublishers.ofString(head),
                            BodyPublishers.ofFile(jar),
                            BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
        } catch (IOException e) {
            throw new InputException(
                    "The job jar "
                            + jar
                            + " cannot be read; build it with mvn package or name another"
                            + " with --jar.",
                    e);
        }
        JsonNode answer =
                send(
                        request("/jars/upload")
                                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                                .POST(body));
        return Path.of(answer.path("filename").asText()).getFileName().toString();
    }

    /**
     * Starts an uploaded job; returns its job id.
     *
     * @param from a savepoint or retained checkpoint to go on from
     */
    public String run(
            String jarId,
            String mainClass,
            List<String> args,
            int parallelism,
            Optional<String> from) {
        ObjectNode body = JSON.createObjectNode();
        body.put("entryClass", mainClass).put("parallelism", parallelism);
        args.forEach(body.putArray("programArgsList")::add);
        from.ifPresent(path -> body.put("savepointPath", path));
        return send(json("/jars/" + jarId + "/run", body)).path("jobid").asText();
    }

    /** Removes an uploaded jar; jobs that were started from it have their own copy. */
    public void delete(String jarId) {
        send(request("/jars/" + jarId).DELETE());
    }

    public String state(String jobId) {
        return get("/jobs/" + jobId).path("state").asText();
    }

    public List<Vertex> vertices(String jobId) {
        List<Vertex> vertices = new ArrayList<>();
        get("/jobs/" + jobId)
                .path("vertices")
                .forEach(
                        v ->
                                vertices.add(
                                        new Vertex(
                                                v.path("id").asText(),
                                                v.path("name").asText(),
                                                v.path("parallelism").asInt(),
                                                v.path("tasks").path("RUNNING").asInt())));
        return vertices;
    }

    /** Whether the job and every one of its subtasks run. */
    public boolean isRunning(String jobId) {
        return state(jobId).equals("RUNNING")
                && vertices(jobId).stream().allMatch(v -> v.running() == v.parallelism());
    }

    /** Asks the job to end; returns at once. */
    public void cancel(String jobId) {
        send(request("/jobs/" + jobId + "?mode=cancel").method("PATCH", BodyPublishers.noBody()));
    }

    /**
     * Asks for a savepoint, in Flink's format that any later release and state backend reads.
     * Returns at once, with the id to ask {@link #savepoint} about.
     *
     * @param dir where the cluster puts it, as a URI; empty: where its configuration says
     * @param stop whether the job ends with it
     */
    public String triggerSavepoint(String jobId, Optional<String> dir, boolean stop) {
        ObjectNode body = JSON.createObjectNode().put("formatType", "CANONICAL");
        String key = stop ? "targetDirectory" : "target-directory";
        dir.ifPresent(path -> body.put(key, path));
        body.put(stop ? "drain" : "cancel-job", false);
        String path = "/jobs/" + jobId + (stop ? "/stop" : "/savepoints");
        return send(json(path, body)).path("request-id").asText();
    }

    /**
     * Where a savepoint lies; empty while it is being written.
     *
     * @throws IllegalStateException when it failed
     */
    public Optional<String> savepoint(String jobId, String triggerId) {
        JsonNode answer = get("/jobs/" + jobId + "/savepoints/" + triggerId);
        if (!answer.path("status").path("id").asText().equals("COMPLETED")) {
            return Optional.empty();
        }
        JsonNode operation = answer.path("operation");
        if (operation.has("failure-cause")) {
            String trace = operation.path("failure-cause").path("stack-trace").asText();
            throw new IllegalStateException(
                    "The savepoint failed: " + FlinkRefusal.innermost(trace));
        }
        return Optional.of(operation.path("location").asText());
    }

    /** The JobManager's configuration, as it is in force. */
    public Map<String, String> configuration() {
        Map<String, String> configuration = new HashMap<>();
        get("/jobmanager/config")
                .forEach(
                        entry ->
                                configuration.put(
                                        entry.path("key").asText(), entry.path("value").asText()));
        return configuration;
    }

    /** The innermost message of the job's newest fault; empty when it had none. */
    public String fault(String jobId) {
        String trace = faultTrace(jobId);
        return trace.isEmpty() ? "" : FlinkRefusal.innermost(trace);
    }

    /** The printed stack trace of the job's newest fault; empty when it had none. */
    String faultTrace(String jobId) {
        JsonNode entries =
                get("/jobs/" + jobId + "/exceptions").path("exceptionHistory").path("entries");
        return entries.isEmpty() ? "" : entries.get(0).path("stacktrace").asText();
    }

    /** {@code /jobs/ID/checkpoints} as Flink gives it: counts, latest, history. */
    public JsonNode checkpoints(String jobId) {
        return get("/jobs/" + jobId + "/checkpoints");
    }

    /** Names of all metrics of one vertex. */
    public List<String> metricNames(String jobId, String vertexId) {
        List<String> names = new ArrayList<>();
        get(metricsPath(jobId, vertexId)).forEach(m -> names.add(m.path("id").asText()));
        return names;
    }

    /** The value of a metric as text; empty when there is none of that name. */
    public Optional<String> metric(String jobId, String vertexId, String name) {
        String query =
                "?get=" + java.net.URLEncoder.encode(name, java.nio.charset.StandardCharsets.UTF_8);
        JsonNode found = get(metricsPath(jobId, vertexId) + query);
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(found.get(0).path("value").asText());
    }

    /** Anything else that Flink offers. */
    public JsonNode get(String path) {
        return send(request(path).GET());
    }

    private static String metricsPath(String jobId, String vertexId) {
        return "/jobs/" + jobId + "/vertices/" + vertexId + "/metrics";
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path)).timeout(TIMEOUT);
    }

    private HttpRequest.Builder json(String path, JsonNode body) {
        return request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()));
    }

    private JsonNode send(HttpRequest.Builder request) {
        HttpResponse<String> answer;
        try {
            answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException | HttpTimeoutException e) {
            throw unreachable(e);
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for Flink.", e);
        }
        JsonNode body;
        try {
            body = JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new InputException(
                    "What answers at " + address + " is no Flink cluster; name one with --flink.",
                    e);
        }
        if (answer.statusCode() >= 400) {
            throw FlinkRefusal.of(answer.statusCode(), body);
        }
        return body;
    }

    private InputException unreachable(IOException e) {
        return new InputException(
                "No Flink cluster answers at "
                        + address
                        + "; start one with ./hermes cluster start or name another with --flink.",
                e);
    }
}
