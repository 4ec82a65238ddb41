/// Rewards: scoring functions, and the actors that run them with a deadline.
///
/// The scoring functions are plain Java: [RewardProfile] names them, [Grade] is what they say. [RewardScorer] isolates
/// a function that hangs or fails; [RewardRouter] spreads the work; [ScoreLines] is the function behind the command
/// line.
///
/// Knows: `io.railhead.actors.protocol`, `io.railhead.transit`.
/// Does not know: weights, engines, the learner beyond its address.
@NullMarked
package io.railhead.reward;

import org.jspecify.annotations.NullMarked;
