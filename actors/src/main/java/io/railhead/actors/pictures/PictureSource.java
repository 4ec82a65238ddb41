package io.railhead.actors.pictures;

import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.stage.PromptLoadException;
import io.railhead.actors.stage.PromptSource;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.Prompt;
import java.util.HashMap;
import java.util.Map;

/// The pictures of the controller's prompts, by prompt and hash. Loads files. Thread-safe if its prompts are.
public final class PictureSource {
    private final PromptSource prompts;

    public PictureSource(PromptSource prompts) {
        this.prompts = prompts;
    }

    /// @throws PromptLoadException if the prompt cannot be loaded or does not show this picture
    public EncodedImage find(String promptId, String sha256) throws PromptLoadException {
        return prompts.load(promptId).prompt().images().stream()
                .filter(image -> image.isHere() && image.sha256().equals(sha256))
                .findFirst()
                .orElseThrow(
                        () -> new PromptLoadException("prompt " + promptId + " shows no picture " + sha256 + " here"));
    }

    /// The fact with the bytes of all its pictures.
    ///
    /// @throws PromptLoadException if one of them cannot be loaded
    public RunFact whole(RunFact fact) throws PromptLoadException {
        return fact instanceof RunFact.TrajectoryTaken(ScoredRollout trajectory)
                        && !trajectory.rollout().task().prompt().isWhole()
                ? new RunFact.TrajectoryTaken(whole(trajectory))
                : fact;
    }

    private ScoredRollout whole(ScoredRollout trajectory) throws PromptLoadException {
        Rollout rollout = trajectory.rollout();
        Prompt prompt = rollout.task().prompt();
        Map<String, EncodedImage> found = new HashMap<>();
        for (EncodedImage image : prompt.images()) {
            if (!image.isHere()) {
                found.put(image.sha256(), find(prompt.id(), image.sha256()));
            }
        }
        return trajectory.with(found);
    }
}
