package io.railhead.actors.protocol;

/// What a reward actor hears.
public sealed interface RewardCommand {
    /// From a rollout worker. The scored rollout goes to the learner; a failure goes to the stage controller.
    record ScoreRollout(Rollout rollout) implements RewardCommand, WireMessage {}

    /// Private events of the implementation.
    non-sealed interface Internal extends RewardCommand {}
}
