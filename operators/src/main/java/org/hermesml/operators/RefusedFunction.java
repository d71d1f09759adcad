package org.hermesml.operators;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.hermesml.core.check.Names;
import org.hermesml.core.check.Printable;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.RefusedRecord;

/**
 * What every refused record passes on its way to its topic: counted by kind, and made fit to be
 * written and shown, whatever was in the record. A reason that quotes a name of a megabyte would
 * else be a record that no broker takes.
 */
public final class RefusedFunction extends RichMapFunction<RefusedRecord, RefusedRecord> {
    private static final long serialVersionUID = 1;
    private static final int MOST_REASON = 500;

    private transient Map<RefusalKind, Counter> byKind;

    @Override
    public void open(OpenContext openContext) {
        MetricGroup group = getRuntimeContext().getMetricGroup().addGroup("refused");
        byKind = new EnumMap<>(RefusalKind.class);
        for (RefusalKind kind : RefusalKind.values()) {
            if (kind != RefusalKind.UNRECOGNIZED) {
                byKind.put(kind, group.counter(kind.name().toLowerCase(Locale.ROOT)));
            }
        }
    }

    @Override
    public RefusedRecord map(RefusedRecord refused) {
        byKind.get(refused.getKind()).inc();
        return fit(refused);
    }

    static RefusedRecord fit(RefusedRecord refused) {
        RefusedRecord.Builder fit =
                refused.toBuilder().setReason(Printable.of(refused.getReason(), MOST_REASON));
        if (!Names.isRun(refused.getRun())) {
            fit.clearRun();
        }
        if (!Names.isWorker(refused.getWorker())) {
            fit.clearWorker();
        }
        if (!Names.isWorker(refused.getId().getWorker())) {
            fit.clearId();
        }
        return fit.build();
    }
}
