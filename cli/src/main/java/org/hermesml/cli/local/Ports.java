package org.hermesml.cli.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.hermesml.core.InputException;

/** Ports of this machine. */
public final class Ports {
    /**
     * A port that nobody has now. Somebody else may take it before it is used; nothing can be
     * promised.
     */
    public static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("No free port on this machine: " + e.getMessage(), e);
        }
    }

    /**
     * @param what is to listen there, for the message
     * @param option by which another port is chosen, for the message
     * @throws InputException when {@code port} is taken or not allowed to us
     */
    public static void require(int port, String what, String option) {
        if (port < 1 || port > 65_535) {
            throw new InputException(option + " " + port + " is not a port; allowed: 1 to 65535.");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
        } catch (IOException e) {
            throw new InputException(
                    "Port "
                            + port
                            + ", where the "
                            + what
                            + " should listen, is in use or not allowed ("
                            + e.getMessage()
                            + "); stop what listens there or choose another with "
                            + option
                            + ".");
        }
    }

    private Ports() {}
}
