package io.railhead.rollout;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import io.railhead.rollout.remote.RemoteSettings;
import java.time.Duration;
import java.util.Optional;

/// The area `railhead.rollout` of the configuration. Its `reference.conf` says what each key means.
public record RolloutSettings(
        int queueAhead,
        Duration heartbeat,
        Duration drainTimeout,
        Duration restartBackoff,
        Duration maxRestartBackoff,
        int maxCrashesInRow,
        Optional<RemoteSettings> remote) {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    public RolloutSettings {
        if (maxRestartBackoff.compareTo(restartBackoff) < 0) {
            throw new IllegalArgumentException("max-restart-backoff %s is shorter than restart-backoff %s"
                    .formatted(maxRestartBackoff, restartBackoff));
        }
    }

    public static RolloutSettings from(Config config) {
        return StrictConfig.read(
                config,
                "railhead.rollout",
                section -> new RolloutSettings(
                        section.integer("queue-ahead", 0, 100_000),
                        section.duration("heartbeat", SHORTEST, Duration.ofMinutes(10)),
                        section.duration("drain-timeout", SHORTEST, Duration.ofHours(24)),
                        section.duration("restart-backoff", SHORTEST, Duration.ofHours(1)),
                        section.duration("max-restart-backoff", SHORTEST, Duration.ofHours(1)),
                        section.integer("max-crashes-in-row", 0, 1_000_000),
                        section.section("remote", RemoteSettings::from)));
    }

    /// How long to wait before the next engine: doubles with each crash in a row, up to the maximum.
    Duration backoff(int crashesInRow) {
        Duration pause = restartBackoff;
        for (int i = 1; i < crashesInRow && pause.compareTo(maxRestartBackoff) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(maxRestartBackoff) < 0 ? pause : maxRestartBackoff;
    }
}
