package io.railhead.bench.actors;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.incarnation.Fence;
import io.railhead.actors.pictures.PictureSource;
import io.railhead.actors.protocol.RecorderCommand;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.actors.stage.StageSettings;
import io.railhead.actors.telemetry.RunRecord;
import io.railhead.actors.telemetry.RunRecorder;
import io.railhead.actors.telemetry.TelemetrySettings;
import io.railhead.actors.virtual.Order;
import io.railhead.actors.virtual.VirtualSystem;
import io.railhead.actors.virtual.VirtualTime;
import io.railhead.app.simulate.Hops;
import io.railhead.app.simulate.SimulatedRun;
import io.railhead.policy.PolicyVersion;
import io.railhead.reward.RewardFunction;
import io.railhead.reward.RewardSettings;
import io.railhead.rollout.RolloutSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/// A whole run's actors on the calling thread, as in a simulation, around engines, a reward function and a trainer that
/// do nothing: what is left is leases, permits, scores' ways, ledger, curriculum, watchdogs and, if wanted, the event
/// log.
public final class Coordination implements AutoCloseable {
    /// A group at a time on each worker, and one waiting.
    public static final int GROUP_SIZE = 8;

    private static final int MAX_STALENESS = 3;
    private static final Duration RESPONSE =
            Duration.ofSeconds(30); // virtual: so that heartbeats and ticks have a share
    private static final Duration LONG = Duration.ofDays(1000);
    private static final Score YES = score(1);
    private static final Score NO = score(0);

    private final AtomicReference<RunEnded> end = new AtomicReference<>();
    private final VirtualSystem<Void> system;
    private long trained;

    /// @param workers rollout workers
    /// @param log directory of the event log, if there is one
    public Coordination(int workers, Optional<Path> log) throws IOException {
        VirtualTime time = VirtualTime.startingAt(Instant.EPOCH, Order.inTurn());
        Config config = ConfigFactory.parseString("""
                railhead {
                  stage {
                    steps = 1000000000
                    groups-per-step = %d
                    group-size = %d
                    max-staleness = %d
                    filter-zero-variance = false
                    curriculum.preset = flat
                    checkpoint-every = 1000000
                    lease-timeout = 1h
                  }
                  rollout { queue-ahead = %d, heartbeat = 10s }
                  stage.worker-silence = 60s
                }
                """.formatted(workers, GROUP_SIZE, MAX_STALENESS, GROUP_SIZE))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
        Behavior<RecorderCommand> recorder = log.isEmpty()
                ? Behaviors.ignore()
                : recorder(
                        RunRecord.open(log.get(), TelemetrySettings.from(config), PolicyVersion.BASE, Fence.open()),
                        time);
        SimulatedRun.Parts parts = new SimulatedRun.Parts(
                StageSettings.from(config),
                RolloutSettings.from(config),
                RewardSettings.from(config),
                new BarePrompts(),
                workers,
                _ -> () -> new InstantEngine(GROUP_SIZE, RESPONSE, time::nanoTime),
                parent -> InstantTrainer.create(parent, count -> trained += count),
                reward(),
                () -> Duration.ZERO,
                () -> Duration.ZERO,
                Optional.empty(),
                recorder,
                end::set,
                Hops.DIRECT);
        this.system = VirtualSystem.create(SimulatedRun.create(parts, time), config, time);
    }

    private static Behavior<RecorderCommand> recorder(RunRecord record, VirtualTime time) {
        return RunRecorder.create(
                ServiceKey.create(RecorderCommand.class, "recorder"),
                record,
                new PictureSource(new BarePrompts()),
                time.clock(),
                _ -> {},
                e -> {
                    throw new UncheckedIOException(e);
                });
    }

    /// Goes on to the end of the next train step.
    ///
    /// @return the trajectories that it was made of
    public long step() {
        long before = trained;
        if (!system.runUntil(() -> trained > before || end.get() != null, LONG) || end.get() != null) {
            throw new IllegalStateException("no further step: " + end.get());
        }
        return trained - before;
    }

    private static RewardFunction reward() {
        return (_, response) -> response.equals("yes") ? YES : NO;
    }

    private static Score score(double value) {
        return new Score(value, value > 0, 1, List.of(new Score.Component("correctness", value, "constant")));
    }

    @Override
    public void close() {
        system.close(); // with it the recorder closes its record
    }
}
