package io.railhead.reward.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.grpc.netty.shaded.io.netty.handler.ssl.JdkSslContext;
import io.railhead.actors.security.CredentialFiles;
import io.railhead.actors.security.NodeIdentity;
import io.railhead.actors.security.SecuritySettings;
import io.railhead.actors.security.TrialAuthority;
import io.railhead.protos.v1.RewardServiceGrpc;
import io.railhead.protos.v1.ScoreRequest;
import io.railhead.reward.RewardProfile;
import io.railhead.reward.RewardWeights;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The service with the identity that its node has everywhere, instead of files of its own.
class NodeIdentityServiceTest {
    @TempDir
    private Path temp;

    @Test
    void bothDoorsTakeTheNodesCertificatesAndNoOthers() throws Exception {
        TrialAuthority authority = TrialAuthority.in(temp, "trial", Duration.ofDays(1));
        NodeIdentity reward = identity(authority.issue("reward-1", List.of("reward"), List.of("127.0.0.1")));
        NodeIdentity rollout = identity(authority.issue("rollout-1", List.of("rollout"), List.of("127.0.0.1")));
        RewardService service = RewardService.start(
                ServiceSettings.from(ConfigFactory.parseString("railhead.reward-service { port = 0, grpc-port = 0 }")
                        .withFallback(ConfigFactory.load())),
                RewardProfile.REFERENCE.function(RewardWeights.DEFAULT),
                Optional.empty(),
                Optional.of(reward));
        try {
            assertThat(service.address().getScheme()).isEqualTo("https");
            HttpClient known =
                    HttpClient.newBuilder().sslContext(rollout.sslContext()).build();
            assertThat(new Client(known, service.address(), Optional.empty())
                            .get("/health")
                            .status())
                    .isEqualTo(200);
            assertThatThrownBy(() ->
                            new Client(HttpClient.newHttpClient(), service.address(), Optional.empty()).get("/health"))
                    .isInstanceOf(IOException.class);
            ManagedChannel channel = NettyChannelBuilder.forAddress(
                            "127.0.0.1", service.grpcPort().orElseThrow())
                    .sslContext(asClient(rollout))
                    .build();
            assertThat(RewardServiceGrpc.newBlockingStub(channel)
                            .score(ScoreRequest.getDefaultInstance())
                            .getResultsList())
                    .isEmpty();
            channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
        } finally {
            service.stop();
        }
    }

    private static NodeIdentity identity(CredentialFiles files) {
        return new NodeIdentity(new SecuritySettings(true, files, Duration.ofMinutes(1), true), Clock.systemUTC());
    }

    private static JdkSslContext asClient(NodeIdentity identity) {
        return new JdkSslContext(
                identity.sslContext(),
                true,
                null,
                IdentityCipherSuiteFilter.INSTANCE,
                new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        "h2"),
                ClientAuth.NONE,
                null,
                false);
    }
}
