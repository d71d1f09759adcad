package org.hermesml.edge.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Where this process runs, for people who look for it. */
final class ProcessPlace {
    /** Such as "process 4711 on pi-3". */
    static String present() {
        return "process " + ProcessHandle.current().pid() + " on " + host();
    }

    private static String host() {
        String named = System.getenv("HOSTNAME");
        if (named != null && !named.isBlank()) {
            return named;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "an unnamed machine";
        }
    }

    private ProcessPlace() {}
}
