/// Advantages and objectives of policy optimisation, in plain Java with gradients by hand.
///
/// Letters are those of the papers: `A` advantage, `r` importance ratio to the proximal policy, `w` importance
/// weight of the proximal to the behaviour policy. All losses are minimised; arithmetic is in double precision.
///
/// Knows: log-probabilities, entropies, rewards.
/// Does not know: actors, models, tokens' meaning, files, clocks.
@NullMarked
package io.railhead.learner.objective;

import org.jspecify.annotations.NullMarked;
