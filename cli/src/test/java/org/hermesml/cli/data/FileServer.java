package org.hermesml.cli.data;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** A server of files on this machine that behaves as badly as servers do. */
final class FileServer implements AutoCloseable {
    private final List<String> ranges = new ArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final HttpServer server;

    /** How a request is answered. */
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    FileServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(
                Executors.newCachedThreadPool(
                        task -> {
                            Thread thread = new Thread(task, "server");
                            thread.setDaemon(true);
                            return thread;
                        }));
        serve("absent", exchange -> exchange.sendResponseHeaders(404, -1));
        server.start();
    }

    /** Of all requests that were given a file, what part they asked for; "" for all of it. */
    List<String> ranges() {
        synchronized (ranges) {
            return List.copyOf(ranges);
        }
    }

    /** The folder of that name. */
    URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + path + "/");
    }

    void serve(String path, Answer answer) {
        server.createContext(
                "/" + path + "/",
                exchange -> {
                    try (exchange) {
                        answer.to(exchange);
                    }
                });
    }

    void serve(String path, byte[] file) {
        serve(path, exchange -> cut(exchange, file, file.length));
    }

    /** Promises all of {@code file} and closes after {@code most} bytes. */
    void cut(HttpExchange exchange, byte[] file, int most) throws IOException {
        int from = begin(exchange, file);
        if (from >= 0) {
            OutputStream out = exchange.getResponseBody();
            out.write(file, from, Math.min(most, file.length - from));
            out.flush();
        }
    }

    /** Returns from where on to send; -1 where nothing is to be sent. */
    private int begin(HttpExchange exchange, byte[] all) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        synchronized (ranges) {
            ranges.add(range == null ? "" : range);
        }
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
        if (from >= all.length) {
            exchange.sendResponseHeaders(416, -1);
            return -1;
        }
        if (range != null) {
            exchange.getResponseHeaders()
                    .add(
                            "Content-Range",
                            "bytes " + from + "-" + (all.length - 1) + "/" + all.length);
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, all.length - from);
        return from;
    }

    /** Until this server is closed. */
    void fallSilent() {
        try {
            closing.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }

    /** One sentence that holds all of {@code words}. */
    static void says(Exception e, String... words) {
        assertTrue(
                e.getMessage().endsWith(".") && e.getMessage().lines().count() == 1,
                e.getMessage());
        for (String word : words) {
            assertTrue(e.getMessage().contains(word), e.getMessage());
        }
    }
}
