package org.hermesml.edge.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the operating system has given this process. */
final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    /** Resident bytes; 0 where the system does not tell. */
    static long residentBytes() {
        try {
            if (!Files.isReadable(STATUS)) {
                return 0;
            }
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            return 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    private ProcessMemory() {}
}
