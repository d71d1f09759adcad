package org.hermesml.edge.worker;

/** Another process has this worker's place in a run. The message is one sentence. */
final class Dismissed extends RuntimeException {
    Dismissed(String message) {
        super(message);
    }
}
