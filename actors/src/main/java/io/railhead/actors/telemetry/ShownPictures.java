package io.railhead.actors.telemetry;

import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.wire.PictureCodec;
import io.railhead.policy.EncodedImage;
import io.railhead.protos.v1.Prompt;
import io.railhead.protos.v1.RunEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which pictures a segment that is being written has shown: each is in full in the first record that shows it, and by
/// its hash in the others. A picture of megabytes comes with every trajectory of its groups, and with its groups again
/// and again.
final class ShownPictures {
    private final Set<String> shown = new HashSet<>();

    /// The event of a fact, which names its pictures, with the bytes of those that were not shown.
    ///
    /// @throws IllegalStateException if the fact does not have them
    RunEvent showing(RunEvent event, RunFact fact) {
        List<EncodedImage> images = imagesOf(fact);
        if (images.stream().allMatch(image -> shown.contains(image.sha256()))) {
            return event;
        }
        RunEvent.Builder full = event.toBuilder();
        Prompt.Builder prompt =
                full.getTrajectoryBuilder().getRolloutBuilder().getTaskBuilder().getPromptBuilder();
        for (int i = 0; i < images.size(); i++) {
            if (!shown.contains(images.get(i).sha256())) {
                prompt.setImages(i, PictureCodec.whole(images.get(i)));
            }
        }
        return full.build();
    }

    /// Takes note of a fact that is now in the segment.
    void remember(RunFact fact) {
        imagesOf(fact).forEach(image -> shown.add(image.sha256()));
    }

    void clear() {
        shown.clear();
    }

    private static List<EncodedImage> imagesOf(RunFact fact) {
        return fact instanceof RunFact.TrajectoryTaken taken
                ? taken.trajectory().rollout().task().prompt().images()
                : List.of();
    }
}
