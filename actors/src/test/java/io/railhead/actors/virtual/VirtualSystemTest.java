package io.railhead.actors.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.cluster.Dispatchers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

class VirtualSystemTest {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private final List<String> history = new ArrayList<>();

    private VirtualSystem<String> system(Behavior<String> guardian, Order order) {
        return VirtualSystem.create(guardian, ConfigFactory.defaultReference(), VirtualTime.startingAt(START, order));
    }

    @Test
    void timeJumpsFromTimerToTimer() {
        VirtualTime time = VirtualTime.startingAt(START, Order.inTurn());
        Behavior<String> guardian = Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay("tick", Duration.ofHours(1));
            return Behaviors.receiveMessage(message -> {
                history.add(message + " at " + time.clock().instant());
                return Behaviors.same();
            });
        });
        try (var system = VirtualSystem.create(guardian, ConfigFactory.defaultReference(), time)) {
            system.runFor(Duration.ofMinutes(150));
            assertThat(history).containsExactly("tick at 2030-01-01T01:00:00Z", "tick at 2030-01-01T02:00:00Z");
            assertThat(time.elapsed()).isEqualTo(Duration.ofMinutes(150));
        }
    }

    @Test
    void everyDispatcherIsTheCallersThread() {
        Set<Thread> threads = new HashSet<>();
        Behavior<String> child = Behaviors.receiveMessage(_ -> {
            threads.add(Thread.currentThread());
            return Behaviors.same();
        });
        Behavior<String> guardian = Behaviors.setup(context -> {
            for (DispatcherSelector dispatcher : List.of(
                    DispatcherSelector.defaultDispatcher(),
                    DispatcherSelector.blocking(),
                    Dispatchers.BLOCKING,
                    Dispatchers.PINNED)) {
                context.spawnAnonymous(child, dispatcher).tell("hello");
            }
            context.getSystem()
                    .dispatchers()
                    .lookup(Dispatchers.BLOCKING)
                    .execute(() -> threads.add(Thread.currentThread()));
            return Behaviors.empty();
        });
        try (var system = system(guardian, Order.inTurn())) {
            system.runFor(Duration.ZERO);
            assertThat(threads).containsExactly(Thread.currentThread());
        }
    }

    @Test
    void anotherThreadIsRefused() throws InterruptedException {
        VirtualTime time = VirtualTime.startingAt(START, Order.inTurn());
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread other = Thread.ofPlatform().start(() -> {
            try {
                time.execute(() -> {});
            } catch (IllegalStateException e) {
                failure.set(e);
            }
        });
        other.join();
        assertThat(failure.get()).hasMessageContaining("an actor has a thread of its own");
    }

    /// Five children answer; who is first is up to the order.
    private String answers(Order order) {
        List<String> answers = new ArrayList<>();
        Behavior<String> guardian = Behaviors.setup(context -> {
            for (int i = 0; i < 5; i++) {
                String name = "child-" + i;
                ActorRef<String> self = context.getSelf();
                context.spawn(
                                Behaviors.<String>receiveMessage(word -> {
                                    self.tell(name + word);
                                    return Behaviors.same();
                                }),
                                name)
                        .tell("!");
            }
            return Behaviors.receiveMessage(answer -> {
                answers.add(answer);
                return Behaviors.same();
            });
        });
        try (var system = system(guardian, order)) {
            system.runFor(Duration.ofSeconds(1));
        }
        assertThat(answers).hasSize(5);
        return String.join(" ", answers);
    }

    @Test
    void equalSeedsGiveEqualHistoriesAndOthersGiveOthers() {
        assertThat(answers(Order.inTurn())).isEqualTo("child-0! child-1! child-2! child-3! child-4!");
        assertThat(answers(Order.seeded(7))).isEqualTo(answers(Order.seeded(7)));
        assertThat(LongStream.range(0, 20)
                        .mapToObj(seed -> answers(Order.seeded(seed)))
                        .distinct())
                .hasSizeGreaterThan(10);
    }

    @Test
    void aBackoffPassesInVirtualTime() {
        Behavior<String> failing = Behaviors.supervise(Behaviors.<String>setup(_ -> {
                    history.add("started");
                    return Behaviors.receiveMessage(message -> {
                        throw new IllegalArgumentException(message);
                    });
                }))
                .onFailure(SupervisorStrategy.restartWithBackoff(Duration.ofHours(1), Duration.ofHours(1), 0));
        try (var system = system(failing, Order.inTurn())) {
            system.system().tell("fail");
            system.runFor(Duration.ofMinutes(59));
            assertThat(history).hasSize(1);
            system.runFor(Duration.ofMinutes(2));
            assertThat(history).hasSize(2);
        }
    }

    @Test
    void anExecutorRunsItsTaskWhenItsTimeHasPassed() {
        VirtualTime time = VirtualTime.startingAt(START, Order.inTurn());
        try (var system = VirtualSystem.create(Behaviors.empty(), ConfigFactory.defaultReference(), time)) {
            new VirtualExecutor(time, () -> Duration.ofSeconds(30)).execute(() -> history.add("done"));
            assertThat(system.runUntil(() -> !history.isEmpty(), Duration.ofSeconds(29)))
                    .isFalse();
            assertThat(system.runUntil(() -> !history.isEmpty(), Duration.ofSeconds(2)))
                    .isTrue();
            assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(30));
        }
    }

    @Test
    void nothingHappensUnlessItIsPumped() {
        try (var system = system(
                Behaviors.receiveMessage(message -> {
                    history.add(message);
                    return Behaviors.same();
                }),
                Order.inTurn())) {
            system.system().tell("hello");
            assertThat(history).isEmpty();
            assertThatThrownBy(() -> system.runUntil(
                            () -> {
                                throw new IllegalStateException("looked at");
                            },
                            Duration.ZERO))
                    .hasMessage("looked at");
        }
    }
}
