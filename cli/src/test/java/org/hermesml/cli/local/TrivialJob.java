package org.hermesml.cli.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** A job that counts slowly for ever; with the argument {@code fail} it fails at 3 for good. */
public final class TrivialJob {
    public static void main(String[] args) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        build(env, args.length > 0 && args[0].equals("fail"));
        env.execute("trivial");
    }

    static void build(StreamExecutionEnvironment env, boolean fails) {
        env.fromSource(
                        new DataGeneratorSource<>(
                                i -> i,
                                Long.MAX_VALUE,
                                RateLimiterStrategy.perSecond(50),
                                Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .map(i -> check(i, fails))
                .keyBy(i -> i % 8)
                .reduce(Long::sum)
                .sinkTo(new DiscardingSink<>());
    }

    private static Long check(Long i, boolean fails) {
        if (fails && i >= 3) {
            throw new SuppressRestartsException(new IllegalStateException("three is too much"));
        }
        return i;
    }

    static Path jar(Path file) throws Exception {
        String name = TrivialJob.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            jar.putNextEntry(new JarEntry(name));
            TrivialJob.class.getClassLoader().getResourceAsStream(name).transferTo(jar);
        }
        return file;
    }

    private TrivialJob() {}
}
