package io.railhead.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.RewardCommand.ScoreRollout;
import java.time.Clock;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RewardProxyTest {
    private static final ServiceKeys KEYS = ServiceKeys.of(Incarnation.NONE);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ActorTestKit kit = ActorTestKit.create();
    private final ActorRef<RewardCommand> proxy =
            kit.spawn(RewardProxy.create(KEYS, Duration.ofMinutes(5), Clock.systemUTC()));

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void keepsRolloutsInOrderUntilThereIsSomebodyToScoreThem() {
        proxy.tell(rollout(1));
        proxy.tell(rollout(2));
        TestProbe<RewardCommand> scorer = scorer();
        assertThat(scorer.receiveSeveralMessages(2, PATIENCE)).containsExactly(rollout(1), rollout(2));
    }

    @Test
    void whatALostScorerHadIsSentToTheNext() {
        TestProbe<RewardCommand> lost = scorer();
        proxy.tell(rollout(1));
        proxy.tell(rollout(2));
        lost.receiveSeveralMessages(2, PATIENCE);
        lost.stop();
        TestProbe<RewardCommand> next = scorer();
        proxy.tell(rollout(3));
        assertThat(next.receiveSeveralMessages(3, PATIENCE))
                .containsExactlyInAnyOrder(rollout(1), rollout(2), rollout(3));
    }

    private TestProbe<RewardCommand> scorer() {
        TestProbe<RewardCommand> scorer = kit.createTestProbe();
        kit.system().receptionist().tell(Receptionist.register(KEYS.rewardScorer(), scorer.ref()));
        return scorer;
    }

    private static ScoreRollout rollout(long lease) {
        return new ScoreRollout(TestRollouts.of(lease, 3));
    }
}
