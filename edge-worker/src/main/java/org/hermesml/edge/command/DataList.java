package org.hermesml.edge.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.hermesml.core.BuiltIns;
import org.hermesml.core.DataFolders;
import org.hermesml.core.InputException;
import org.hermesml.edge.TraceOption;
import org.hermesml.training.data.Dataset;
import org.hermesml.training.data.Datasets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The data sets that have a name, read to the end where they are found; needs no broker. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        description = "Reads every named data set that is found; prints one line of JSON.")
public final class DataList implements Callable<Integer> {
    @Mixin private TraceOption trace;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where data sets are looked for.")
    private Path dataDir;

    @Override
    public Integer call() {
        List<Object> sets = new ArrayList<>();
        for (String name : BuiltIns.DATASETS) {
            sets.add(described(name));
        }
        System.out.println(Json.line(Map.of("sets", sets)));
        return 0;
    }

    private Map<String, Object> described(String name) {
        Map<String, Object> set = new LinkedHashMap<>();
        set.put("name", name);
        boolean made = name.equals(BuiltIns.DIGITS);
        Optional<Path> place =
                made ? Optional.empty() : Datasets.find(name, DataFolders.of(dataDir));
        place.ifPresent(p -> set.put("place", p.toString()));
        if (!made && place.isEmpty()) {
            return set;
        }
        try {
            Dataset data = Datasets.open(name, dataDir, 1);
            set.put("training", data.train().count());
            set.put("test", data.test().count());
            set.put("shape", data.train().featureShape());
            set.put("classes", data.train().classCount());
        } catch (InputException e) {
            set.put("fault", e.getMessage());
        }
        return set;
    }
}
