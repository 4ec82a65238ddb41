package io.railhead.reward.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.security.Refusals;
import io.railhead.reward.RewardProfile;
import io.railhead.reward.RewardWeights;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// 100,000 messages of random bytes at the HTTP port, while it serves.
class HostileBytesTest {
    private static final int MESSAGES = 100_000;
    private static final long SEED = 20_261_122;

    @Test
    void randomBytesDoNotDisturbRequestsAndAreSaidOnce() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> logs = new ListAppender<>();
        logs.start();
        Logger refusals = (Logger) LoggerFactory.getLogger(Refusals.class);
        refusals.setLevel(Level.WARN);
        root.addAppender(logs);
        try {
            serveThroughRandomBytes();
        } finally {
            root.detachAppender(logs);
            refusals.setLevel(null);
        }
        assertThat(logs.list.stream().map(ILoggingEvent::getFormattedMessage))
                .singleElement()
                .asString()
                .startsWith("refused a client of the reward service: not an HTTP request: ");
    }

    private static void serveThroughRandomBytes() throws Exception {
        RewardService service = RewardService.start(
                ServiceSettings.from(ConfigFactory.parseString("railhead.reward-service.port = 0")
                        .withFallback(ConfigFactory.load())),
                RewardProfile.REFERENCE.function(RewardWeights.DEFAULT),
                Optional.empty());
        AtomicInteger sent = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<Integer>> attackers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Random random = new Random(SEED + i);
                attackers.add(threads.submit(() -> attack(service.address().getPort(), random, sent)));
            }
            Client client = Client.of(service);
            int served = 0;
            while (served == 0 || sent.get() < MESSAGES) {
                assertThat(client.get("/health").status()).isEqualTo(200);
                served++;
            }
            for (Future<Integer> attacker : attackers) {
                assertThat(attacker.get(120, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            service.stop();
        }
    }

    private static int attack(int port, Random random, AtomicInteger sent) {
        byte[] message = new byte[256];
        while (sent.get() < MESSAGES) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                OutputStream out = socket.getOutputStream();
                while (sent.get() < MESSAGES) {
                    random.nextBytes(message);
                    sent.incrementAndGet();
                    out.write(message, 0, 1 + random.nextInt(message.length));
                }
            } catch (IOException _) {
                sent.incrementAndGet(); // it hung up
            }
        }
        return sent.get();
    }
}
