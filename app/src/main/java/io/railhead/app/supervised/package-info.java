/// Supervised training on the questions that a run would be rewarded for, over the same policy and optimiser.
///
/// Knows: data, policy, learner. Does not know: actors, rewards, who prints what it does.
@NullMarked
package io.railhead.app.supervised;

import org.jspecify.annotations.NullMarked;
