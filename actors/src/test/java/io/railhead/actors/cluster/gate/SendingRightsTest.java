package io.railhead.actors.cluster.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.cluster.Role;
import io.railhead.actors.protocol.LearnerCommand.TrainBatch;
import io.railhead.actors.protocol.PictureCommand.ToDesk.SendPicture;
import io.railhead.actors.protocol.PictureCommand.ToFetcher.NoSuchPicture;
import io.railhead.actors.protocol.PictureCommand.ToFetcher.PictureSent;
import io.railhead.actors.protocol.RolloutCommand.LeasesGranted;
import io.railhead.actors.protocol.StageCommand.RequestLeases;
import io.railhead.actors.protocol.WeightsCommand.ToFollower.WeightsPublished;
import io.railhead.actors.wire.MessageKinds;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SendingRightsTest {
    private static final List<String> ALL =
            Arrays.stream(Role.values()).map(Role::label).toList();

    @Test
    void everyMessageBetweenNodesHasASender() {
        assertThat(MessageKinds.all())
                .allSatisfy(message -> assertThat(SendingRights.refusal(ALL, message))
                        .as("%s", message)
                        .isEmpty());
    }

    @Test
    void aRolloutCertificateNeitherPublishesWeightsNorActsAsController() {
        assertThat(SendingRights.refusal(Set.of("rollout"), WeightsPublished.class))
                .contains("WeightsPublished from a certificate for rollout; it takes learner");
        assertThat(SendingRights.refusal(Set.of("rollout"), LeasesGranted.class))
                .contains("LeasesGranted from a certificate for rollout; it takes controller");
        assertThat(SendingRights.refusal(Set.of("rollout"), TrainBatch.class))
                .contains("TrainBatch from a certificate for rollout; it takes controller");
        assertThat(SendingRights.refusal(Set.of("rollout"), RequestLeases.class))
                .isEmpty();
    }

    @Test
    void whoeverNeedsPicturesAsksAndOnlyTheControllerAnswers() {
        assertThat(SendingRights.refusal(Set.of("rollout"), SendPicture.class)).isEmpty();
        assertThat(SendingRights.refusal(Set.of("learner"), SendPicture.class)).isEmpty();
        assertThat(SendingRights.refusal(Set.of("reward"), SendPicture.class))
                .contains("SendPicture from a certificate for reward; it takes learner or rollout");
        for (Class<?> answer : List.of(PictureSent.class, NoSuchPicture.class)) {
            assertThat(SendingRights.refusal(Set.of("controller"), answer)).isEmpty();
            assertThat(SendingRights.refusal(Set.of("learner", "reward", "rollout"), answer))
                    .isPresent();
        }
    }

    @Test
    void whoHasNoRoleSaysNothing() {
        assertThat(MessageKinds.all())
                .allSatisfy(message ->
                        assertThat(SendingRights.refusal(Set.of(), message)).isPresent());
    }
}
