package io.railhead.app.doctor;

import com.typesafe.config.Config;
import io.railhead.actors.cluster.ClusterSettings;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.actors.weights.WeightsSettings;
import io.railhead.app.status.HttpSettings;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/// Whether the ports of the configuration can be listened at, by listening at each for a moment.
///
/// A port that only a cluster node has is no reason against a run in one JVM: unless the configuration is of a cluster
/// (`seed-nodes` or `roles`), it is said and not held against the machine.
final class Ports {
    /// @param used whether a node of this configuration would listen there
    private record Port(String key, String host, int number, boolean used) {}

    private Ports() {}

    static List<Finding> of(Config config) {
        try {
            return ports(config).stream().map(Ports::look).toList();
        } catch (ConfigurationException e) {
            return List.of(Finding.bad("ports", String.valueOf(e.getMessage()), "correct the setting"));
        }
    }

    private static List<Port> ports(Config config) {
        ClusterSettings cluster = ClusterSettings.from(config);
        HttpSettings http = HttpSettings.from(config);
        boolean node = !cluster.seedNodes().isEmpty() || !cluster.roles().isEmpty();
        boolean serves = node ? http.isOnForClusterNodes() : http.isOnForOneJvm();
        List<Port> ports = new ArrayList<>();
        ports.add(new Port("cluster.port", cluster.host(), cluster.port(), node));
        ports.add(new Port(
                "weights.port",
                cluster.host(),
                WeightsSettings.from(config).port().number(),
                node));
        ports.add(new Port("http.port", http.host(), http.port(), serves));
        ports.add(new Port("http.health-port", http.host(), http.healthPort(), serves));
        return ports;
    }

    private static Finding look(Port port) {
        InetSocketAddress address = new InetSocketAddress(port.host(), port.number());
        String place = port.number() == 0 ? "any free port of " + port.host() : port.host() + ":" + port.number();
        if (address.isUnresolved()) {
            return judged(
                    port, place + " has a host that is not known here", "set railhead.cluster.host to an address");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // connections of a node that has ended do not count
            socket.bind(address);
            return Finding.good(port.key(), place + " is free");
        } catch (BindException e) {
            return address.getAddress().isLoopbackAddress() || isTaken(e)
                    ? judged(
                            port,
                            place + " cannot be listened at: " + e.getMessage(),
                            "end what listens there, or set railhead.%s to another port (0 takes a free one)"
                                    .formatted(port.key()))
                    : judged(
                            port,
                            place + " is no address of this machine: " + e.getMessage(),
                            "set railhead.cluster.host to one of its addresses");
        } catch (IOException e) {
            return judged(
                    port, place + " cannot be listened at: " + e, "set railhead." + port.key() + " to another port");
        }
    }

    private static boolean isTaken(BindException e) {
        return String.valueOf(e.getMessage()).contains("in use");
    }

    private static Finding judged(Port port, String finding, String mend) {
        return port.used()
                ? Finding.bad(port.key(), finding, mend)
                : Finding.good(port.key(), finding + "; a run in one JVM does not need it, a cluster node would");
    }
}
