package io.railhead.actors.virtual;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;

/// An actor system whose dispatchers, all of them, are one queue that the caller pumps, and whose timers are those of a
/// [VirtualTime]. Nothing happens but in a call to one of its methods, on the calling thread. One task is one message
/// of
/// one actor, so between two tasks the state of all actors can be looked at.
///
/// Equal behaviors with equal seeds go through equal histories, as long as they take time and randomness from what
/// they are given, and do not go through hash sets of actor references: these hash by a random number.
///
/// An actor that waits (a blocking call, an ask that is awaited) waits for ever: there is nobody else to answer.
///
/// Does not know: roles.
public final class VirtualSystem<T> implements AutoCloseable {
    private static final Config VIRTUAL = ConfigFactory.parseResources(
            VirtualSystem.class.getClassLoader(),
            "railhead-virtual.conf",
            ConfigParseOptions.defaults().setAllowMissing(false));
    private static final Duration GOODBYE = Duration.ofMinutes(10);

    private final VirtualTime time;
    private final ActorSystem<T> system;

    private VirtualSystem(VirtualTime time, ActorSystem<T> system) {
        this.time = time;
        this.system = system;
    }

    /// @param config the resolved one, as [io.railhead.actors.cluster.Node] takes it
    /// @param time made by the calling thread, and for this system alone
    public static <T> VirtualSystem<T> create(Behavior<T> guardian, Config config, VirtualTime time) {
        Config resolved = VIRTUAL.withFallback(config).resolve();
        ActorSystem<T> system = ScopedValue.where(VirtualScheduler.STARTING, time)
                .call(() -> ActorSystem.create(guardian, "virtual", resolved));
        return new VirtualSystem<>(time, system);
    }

    public ActorSystem<T> system() {
        return system;
    }

    public VirtualTime time() {
        return time;
    }

    /// Lets one task run, or one instant's timers act.
    ///
    /// @return whether there was anything to do, ever
    public boolean step() {
        return time.step(Long.MAX_VALUE);
    }

    /// Lets all happen that happens within so long; then it is so much later.
    public void runFor(Duration duration) {
        long end = time.nanoTime() + duration.toNanos();
        while (time.step(end)) {}
        time.advanceTo(end);
    }

    /// Goes on until the condition holds, looking after each task, or until so much time has passed.
    ///
    /// @return whether it holds
    public boolean runUntil(BooleanSupplier condition, Duration atMost) {
        long end = time.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (!time.step(end)) {
                time.advanceTo(end);
                return condition.getAsBoolean();
            }
        }
        return true;
    }

    /// Stops all actors.
    ///
    /// @throws IllegalStateException if one of them does not stop
    @Override
    public void close() {
        system.terminate();
        if (!runUntil(() -> system.getWhenTerminated().toCompletableFuture().isDone(), GOODBYE)) {
            throw new IllegalStateException("the actors did not stop within " + GOODBYE + " of virtual time");
        }
    }
}
