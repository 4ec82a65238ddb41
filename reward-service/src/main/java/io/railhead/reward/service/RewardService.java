package io.railhead.reward.service;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.railhead.actors.security.NodeIdentity;
import io.railhead.reward.RewardFunction;
import io.railhead.reward.ScoreItems;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The running service. [#stop] takes no more requests, lets those in hand end, and gives ports and threads back.
public final class RewardService {
    private static final Logger LOG = LoggerFactory.getLogger(RewardService.class);
    private static final int START_SECONDS = 30;

    private final ServiceSettings settings;
    private final boolean secured;
    private final ActorSystem<Void> system;
    private final BatchScorer scorer;
    private final ServerBinding http;
    private final Optional<Server> grpc;

    private RewardService(
            ServiceSettings settings,
            boolean secured,
            ActorSystem<Void> system,
            BatchScorer scorer,
            ServerBinding http,
            Optional<Server> grpc) {
        this.settings = settings;
        this.secured = secured;
        this.system = system;
        this.scorer = scorer;
        this.http = http;
        this.grpc = grpc;
    }

    /// Without an identity: over TLS if the settings have files for it.
    ///
    /// @param stations a directory of station files, for items that name a city
    /// @throws io.railhead.transit.InvalidDataException if that is no directory
    /// @throws ServiceStartException if a port is taken or a file is missing; nothing is left running then
    public static RewardService start(ServiceSettings settings, RewardFunction function, Optional<Path> stations)
            throws InterruptedException {
        return start(settings, function, stations, Optional.empty());
    }

    /// @param stations a directory of station files, for items that name a city
    /// @param identity for TLS with certificates on both sides, if the settings have no files of the service's
    ///     own
    /// @throws io.railhead.transit.InvalidDataException if that is no directory
    /// @throws ServiceStartException if a port is taken or a file is missing; nothing is left running then
    public static RewardService start(
            ServiceSettings settings, RewardFunction function, Optional<Path> stations, Optional<NodeIdentity> identity)
            throws InterruptedException {
        ScoreItems items = new ScoreItems(stations);
        Optional<Transport> tls = Transport.of(settings, identity);
        ActorSystem<Void> system =
                ActorSystem.create(Behaviors.empty(), "railhead-reward-service", systemConfig(settings));
        BatchScorer scorer = new BatchScorer(function, settings);
        ServiceMetrics metrics = new ServiceMetrics(scorer::atWork);
        Optional<Server> grpc = Optional.empty();
        try {
            grpc = settings.grpcPort().map(port -> grpc(settings, port, tls, new GrpcApi(items, scorer, metrics)));
            ServerBinding http = http(settings, system, tls, new HttpApi(settings, items, scorer, metrics, system));
            return new RewardService(settings, tls.isPresent(), system, scorer, http, grpc);
        } catch (ServiceStartException e) {
            grpc.ifPresent(Server::shutdownNow);
            scorer.close();
            system.terminate();
            throw e;
        }
    }

    /// Where HTTP is, without a path.
    public URI address() {
        InetSocketAddress bound = http.localAddress();
        return URI.create((secured ? "https://" : "http://") + settings.host() + ":" + bound.getPort());
    }

    public Optional<Integer> grpcPort() {
        return grpc.map(Server::getPort);
    }

    public void stop() throws InterruptedException {
        grpc.ifPresent(Server::shutdown);
        long patience = settings.shutdown().toMillis();
        try {
            http.terminate(settings.shutdown()).toCompletableFuture().get(2 * patience, TimeUnit.MILLISECONDS);
            if (grpc.isPresent() && !grpc.get().awaitTermination(patience, TimeUnit.MILLISECONDS)) {
                grpc.get().shutdownNow();
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the service did not end in order: {}", e.toString());
        } finally {
            scorer.close();
            system.terminate();
        }
        try {
            system.getWhenTerminated().toCompletableFuture().get(patience, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the actor system does not end", e);
        }
    }

    private static ServerBinding http(
            ServiceSettings settings, ActorSystem<Void> system, Optional<Transport> tls, HttpApi api)
            throws InterruptedException {
        ServerBuilder builder = Http.get(system).newServerAt(settings.host(), settings.port());
        if (tls.isPresent()) {
            builder = builder.enableHttps(tls.get().https());
        }
        try {
            return builder.bind(api::answer).toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw unusable(settings, settings.port(), e);
        }
    }

    private static Server grpc(ServiceSettings settings, int port, Optional<Transport> tls, GrpcApi api) {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), port))
                .maxInboundMessageSize(settings.maxBody())
                .addService(api)
                .intercept(api.guard(new Token(settings.token())));
        tls.ifPresent(transport -> builder.sslContext(transport.grpc()));
        try {
            return builder.build().start();
        } catch (IOException e) {
            throw unusable(settings, port, e);
        }
    }

    private static ServiceStartException unusable(ServiceSettings settings, int port, Exception failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof BindException)) {
            cause = cause.getCause();
        }
        return new ServiceStartException(
                "port " + port + " of " + settings.host() + " cannot be used: " + cause.getMessage(), failure);
    }

    /// Requests are bounded here, not by Pekko: it would cut connections where this service answers.
    private static Config systemConfig(ServiceSettings settings) {
        return ConfigFactory.parseMap(Map.of(
                        "pekko.http.server.request-timeout",
                        settings.deadline().multipliedBy(2).plusSeconds(5).toMillis() + "ms",
                        "pekko.http.server.parsing.max-content-length",
                        "infinite",
                        "pekko.http.server.server-header",
                        "railhead",
                        "pekko.http.server.parsing.error-handler",
                        ForeignRequests.class.getName(),
                        "pekko.http.server.parsing.illegal-header-warnings",
                        false))
                .withFallback(ConfigFactory.load());
    }
}
