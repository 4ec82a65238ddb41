package io.railhead.actors.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.pekko.actor.Dropped;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLetterCounterTest {
    private final ActorTestKit kit = ActorTestKit.create();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void messagesToActorsThatAreGoneAndDroppedOnesAreCountedApart() {
        DeadLetterCounter counter = new DeadLetterCounter();
        counter.listenIn(kit.system());
        TestProbe<String> gone = kit.createTestProbe();
        gone.stop();
        TestProbe<String> patience = kit.createTestProbe();
        patience.awaitAssert(
                () -> { // the counter's subscription is asynchronous, so tell until it is heard
                    gone.ref().tell("lost");
                    assertThat(counter.counts().undelivered()).isPositive();
                    return 0;
                });
        assertThat(counter.counts().dropped()).isZero();

        var classic = Adapter.toClassic(kit.system());
        LoggingTestKit.warn("message dropped: type=String").withOccurrences(1).expect(kit.system(), () -> {
            classic.eventStream().publish(Dropped.apply("lost", "queue is full", classic.deadLetters()));
            classic.eventStream().publish(Dropped.apply("lost", "queue is full", classic.deadLetters()));
            patience.awaitAssert(() -> {
                assertThat(counter.counts().dropped()).isEqualTo(2);
                return 0;
            });
            return 0;
        });
    }
}
