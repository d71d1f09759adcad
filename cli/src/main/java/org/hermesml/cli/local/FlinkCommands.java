package org.hermesml.cli.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/**
 * The commands that start Flink's processes, with every memory size worked out as Flink's own
 * scripts do.
 */
final class FlinkCommands {
    private static final String JOB_MANAGER_MAIN =
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";

    /** Between the name of a TaskManager and what tells its lives apart. */
    static final String LIFE = "_";

    private static final String TASK_MANAGER_MAIN =
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";

    private final HermesHome home;
    private final ClusterFolder folder;
    private final Configuration file;
    private final Configuration conf;

    FlinkCommands(HermesHome home, ClusterFolder folder, int restPort, int rpcPort, int slots) {
        this.home = home;
        this.folder = folder;
        this.file = FlinkFolders.read(home.flinkConf());
        this.conf = FlinkFolders.configure(file, folder.dir());
        conf.set(RestOptions.PORT, restPort);
        conf.set(RestOptions.BIND_PORT, String.valueOf(restPort));
        conf.set(JobManagerOptions.PORT, rpcPort);
        conf.set(TaskManagerOptions.NUM_TASK_SLOTS, slots);
    }

    ChildCommand jobManager() {
        JobManagerProcessSpec spec = JobManagerProcessUtils.processSpecFromConfig(conf);
        // Little of what it runs repeats; the better compiler would only take cores from its start.
        return process(
                ClusterFolder.JOB_MANAGER,
                JOB_MANAGER_MAIN,
                JobManagerProcessUtils.generateJvmParametersStr(spec, conf)
                        + " -XX:TieredStopAtLevel=1",
                JobManagerProcessUtils.generateDynamicConfigsStr(spec),
                List.of("--executionMode", "cluster"));
    }

    ChildCommand taskManager(String name) {
        TaskExecutorProcessSpec spec = TaskExecutorProcessUtils.processSpecFromConfig(conf);
        return process(
                name,
                TASK_MANAGER_MAIN,
                ProcessMemoryUtils.generateJvmParametersStr(spec),
                TaskExecutorProcessUtils.generateDynamicConfigsStr(spec),
                List.of(
                        "-D",
                        TaskManagerOptions.TASK_MANAGER_RESOURCE_ID.key() + "=" + life(name)));
    }

    /** Tells people, and the REST interface, which process it is and which of its lives. */
    private static String life(String name) {
        return name + LIFE + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    }

    /** The name of the TaskManager that Flink knows by {@code resourceId}. */
    static String nameOf(String resourceId) {
        int end = resourceId.indexOf(LIFE);
        return end < 0 ? resourceId : resourceId.substring(0, end);
    }

    private ChildCommand process(
            String name, String main, String jvm, String memory, List<String> more) {
        List<String> args = new ArrayList<>(List.of("--configDir", home.flinkConf().toString()));
        // What differs from the file, as options: the process list shows what a process runs with.
        Map<String, String> changed = new TreeMap<>(conf.toMap());
        changed.entrySet().removeAll(file.toMap().entrySet());
        changed.put(CoreOptions.TMP_DIRS.key(), folder.tmp(name).toString());
        changed.forEach((key, value) -> args.addAll(List.of("-D", key + "=" + value)));
        args.addAll(words(memory));
        args.addAll(more);
        return ChildCommand.java(name, folder.out(name))
                .jvm(folder.marker())
                .jvm(words(jvm).toArray(String[]::new))
                .jvm("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError")
                .jvm(words(conf.getString("env.java.opts.all", "")).toArray(String[]::new))
                .jvm("-Dlog.file=" + folder.log(name))
                .jvm(
                        "-Dlog4j.configurationFile="
                                + home.flinkConf().resolve("log4j.properties").toUri())
                .main(home.flinkLib() + "/*", main)
                .args(args);
    }

    private static List<String> words(String line) {
        return line.isBlank() ? List.of() : List.of(line.strip().split("\\s+"));
    }
}
