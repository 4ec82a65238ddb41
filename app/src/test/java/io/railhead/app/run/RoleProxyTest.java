package io.railhead.app.run;

import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.StageCommand;
import java.time.Duration;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoleProxyTest {
    private static final StageCommand FIRST = new StageCommand.WorkerLeft("first");
    private static final StageCommand SECOND = new StageCommand.WorkerLeft("second");

    private static final ServiceKey<StageCommand> KEY =
            ServiceKeys.of(Incarnation.NONE).stageController();

    private final ActorTestKit kit = ActorTestKit.create();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void keepsMessagesInOrderUntilTheRoleIsThere() {
        ActorRef<StageCommand> proxy = proxy();
        proxy.tell(FIRST);
        proxy.tell(SECOND);
        TestProbe<StageCommand> controller = kit.createTestProbe();
        register(controller.ref());
        controller.expectMessage(FIRST);
        controller.expectMessage(SECOND);
    }

    @Test
    void goesOnWithTheNextInstanceWhenOneIsGone() {
        ActorRef<StageCommand> proxy = proxy();
        TestProbe<StageCommand> one = kit.createTestProbe();
        register(one.ref());
        proxy.tell(FIRST);
        one.expectMessage(FIRST);
        one.stop();
        TestProbe<StageCommand> other = kit.createTestProbe();
        register(other.ref());
        TestProbe<Receptionist.Listing> listing = kit.createTestProbe();
        kit.system().receptionist().tell(Receptionist.subscribe(KEY, listing.ref()));
        listing.fishForMessage(
                Duration.ofSeconds(5),
                seen -> seen.getServiceInstances(KEY).equals(Set.of(other.ref()))
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        proxy.tell(SECOND);
        other.expectMessage(SECOND);
    }

    private ActorRef<StageCommand> proxy() {
        TestProbe<ActorRef<StageCommand>> spawned = kit.createTestProbe();
        kit.spawn(Behaviors.<Void>setup(context -> {
            spawned.ref().tell(RoleProxy.spawn(context, KEY, StageCommand.class));
            return Behaviors.empty();
        }));
        return spawned.receiveMessage();
    }

    private void register(ActorRef<StageCommand> actor) {
        kit.system().receptionist().tell(Receptionist.register(KEY, actor));
    }
}
