package org.hermesml.core.check;

import org.hermesml.core.message.RefusalKind;

/** A record that is not taken; the message is one sentence without a full stop. */
public final class Refusal extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final RefusalKind kind;

    public Refusal(RefusalKind kind, String reason) {
        super(reason);
        this.kind = kind;
    }

    public RefusalKind kind() {
        return kind;
    }
}
