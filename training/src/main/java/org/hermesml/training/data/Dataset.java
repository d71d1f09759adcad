package org.hermesml.training.data;

import java.util.Optional;
import org.hermesml.core.message.TableForm;
import org.hermesml.training.Samples;

/**
 * A data set as opened.
 *
 * @param train to be cut by {@link HeldOut}
 * @param test for the final report alone
 * @param table how it was read, where it is a table
 */
public record Dataset(String name, Samples train, Samples test, Optional<TableForm> table) {
    /** One that is no table. */
    public Dataset(String name, Samples train, Samples test) {
        this(name, train, test, Optional.empty());
    }
}
