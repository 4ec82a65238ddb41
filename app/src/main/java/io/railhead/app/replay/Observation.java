package io.railhead.app.replay;

import io.railhead.learner.TrainStep;
import io.railhead.learner.objective.Credit;
import java.util.List;

/// A train step that was watched.
///
/// @param pulls of every sample, in the order of groups and samples
/// @param credit that made advantages of the rewards
record Observation(TrainStep.Result result, List<Pull> pulls, Credit credit) {
    Observation {
        pulls = List.copyOf(pulls);
    }

    /// What a sample did to the weights.
    ///
    /// @param kept tokens whose log-probability the loss pulls at
    /// @param strength sum over its tokens of `|dLoss/dLogProb|`, over all passes of the step
    record Pull(int kept, double strength) {}
}
