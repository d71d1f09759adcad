package org.hermesml.operators;

import java.util.List;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.AccountEvent;

/**
 * A whole server, fed record by record; each record is worked off entirely, its verdicts read back
 * included, before the next. Two hosts of the same rules implement it: core alone, and the Flink
 * functions.
 */
interface Server extends AutoCloseable {
    void report(AccountEvent report) throws Exception;

    void slice(UpdateSlice slice) throws Exception;

    void score(Score score) throws Exception;

    void timeIs(long timeMs) throws Exception;

    List<Verdict> verdicts();

    List<Directive> directives();

    List<ModelSlice> models();

    List<RunEnd> ends();
}
