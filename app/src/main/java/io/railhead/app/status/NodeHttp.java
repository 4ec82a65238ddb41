package io.railhead.app.status;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.security.BoundedEngine;
import io.railhead.actors.security.NodeIdentity;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.app.live.LiveApi;
import io.railhead.app.live.LiveSources;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.japi.function.Function;

/// A node's HTTP: one port with everything, over TLS with certificates on both sides if the node has an identity, and
/// one without TLS for probes, which have no certificate. Both end with the actor system.
public final class NodeHttp {
    private static final int START_SECONDS = 30;
    private static final int LISTENERS = 16; // to the live page, and never more than half of the connections
    private static final Duration ANSWER = Duration.ofSeconds(5); // beyond the head's deadline
    private static final Duration GOODBYE = Duration.ofMillis(200);

    private final HttpSettings settings;
    private final boolean secured;
    private final LiveApi live;
    private final ServerBinding main;
    private final ServerBinding health;

    private NodeHttp(HttpSettings settings, boolean secured, LiveApi live, ServerBinding main, ServerBinding health) {
        this.settings = settings;
        this.secured = secured;
        this.live = live;
        this.main = main;
        this.health = health;
    }

    /// @throws ConfigurationException if a port cannot be listened at; nothing is left listening then
    public static NodeHttp start(
            ActorSystem<?> system, HttpSettings settings, Optional<NodeIdentity> identity, NodeSources sources)
            throws InterruptedException {
        StatusReader reader = new StatusReader(system, sources, settings.deadline(), InstantSource.system());
        LiveApi live = new LiveApi(
                system,
                new LiveSources(
                        sources.run(),
                        settings.idleTimeout().dividedBy(3),
                        Math.clamp(settings.maxConnections() / 2, 1, LISTENERS),
                        () -> reader.status().thenApply(StatusJson::of)));
        StatusApi api = new StatusApi(reader, live, system);
        Http http = Http.get(system);
        ServerSettings limits = limits(system, settings);
        ServerBuilder builder =
                http.newServerAt(settings.host(), settings.port()).withSettings(limits);
        if (identity.isPresent()) {
            builder = builder.enableHttps(certificatesOnBothSides(identity.get()));
        }
        ServerBinding main = bound(builder, api::answer, "port", settings.host(), settings.port());
        try {
            ServerBuilder plain =
                    http.newServerAt(settings.host(), settings.healthPort()).withSettings(limits);
            ServerBinding health = bound(plain, api::health, "health-port", settings.host(), settings.healthPort());
            NodeHttp started = new NodeHttp(settings, identity.isPresent(), live, main, health);
            system.log().info("status at {}, health at {}", started.address(), started.healthAddress());
            return started;
        } catch (ConfigurationException e) {
            main.unbind();
            throw e;
        }
    }

    /// For callers that write something before they start their node.
    ///
    /// @throws ConfigurationException if a port is taken
    public static void requireFreePorts(HttpSettings settings) {
        requireFree("port", settings.host(), settings.port());
        requireFree("health-port", settings.host(), settings.healthPort());
    }

    /// Where everything is, without a path.
    public URI address() {
        return URI.create((secured ? "https://" : "http://") + settings.host() + ":" + port(main));
    }

    /// Where probes go, without a path.
    public URI healthAddress() {
        return URI.create("http://" + settings.host() + ":" + port(health));
    }

    /// Takes no more connections, and cuts those that are open.
    public void stop() {
        live.stop();
        main.terminate(GOODBYE);
        health.terminate(GOODBYE);
    }

    private static int port(ServerBinding binding) {
        return binding.localAddress().getPort();
    }

    private static HttpsConnectionContext certificatesOnBothSides(NodeIdentity identity) {
        return ConnectionContext.httpsServer(() -> {
            SSLEngine engine = identity.sslContext().createSSLEngine();
            engine.setUseClientMode(false);
            engine.setNeedClientAuth(true);
            return new BoundedEngine(engine);
        });
    }

    private static ServerBinding bound(
            ServerBuilder builder,
            Function<HttpRequest, CompletionStage<HttpResponse>> answer,
            String key,
            String host,
            int port)
            throws InterruptedException {
        try {
            return builder.bind(answer).toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw cannotListen(key, host, port, e);
        }
    }

    private static void requireFree(String key, String host, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw cannotListen(key, host, port, e);
        }
    }

    private static ConfigurationException cannotListen(String key, String host, int port, Exception cause) {
        return new ConfigurationException(
                "cannot listen on %s:%d (railhead.http.host, railhead.http.%s): %s"
                        .formatted(host, port, key, cause.getMessage()),
                cause);
    }

    /// Requests are short and have no body: whatever is larger is refused before it is held.
    private static ServerSettings limits(ActorSystem<?> system, HttpSettings settings) {
        return ServerSettings.create(ConfigFactory.parseMap(Map.ofEntries(
                        Map.entry("pekko.http.server.max-connections", settings.maxConnections()),
                        Map.entry("pekko.http.server.idle-timeout", millis(settings.idleTimeout())),
                        Map.entry(
                                "pekko.http.server.request-timeout",
                                millis(settings.deadline().plus(ANSWER))),
                        Map.entry("pekko.http.server.pipelining-limit", 1),
                        Map.entry("pekko.http.server.transparent-head-requests", false),
                        Map.entry("pekko.http.server.server-header", "railhead"),
                        Map.entry("pekko.http.server.parsing.max-content-length", 1024),
                        Map.entry("pekko.http.server.parsing.max-uri-length", 512),
                        Map.entry("pekko.http.server.parsing.max-header-name-length", 64),
                        Map.entry("pekko.http.server.parsing.max-header-value-length", 2048),
                        Map.entry("pekko.http.server.parsing.max-header-count", 32),
                        Map.entry("pekko.http.server.parsing.error-handler", ForeignBytes.class.getName()),
                        Map.entry("pekko.http.server.parsing.illegal-header-warnings", false)))
                .withFallback(system.settings().config()));
    }

    /// As Pekko HTTP reads it.
    private static String millis(Duration duration) {
        return duration.toMillis() + "ms";
    }
}
