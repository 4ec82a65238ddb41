/// Learning from given answers, over the same policy and optimiser as reinforcement learning.
///
/// Knows: `io.railhead.policy`. Does not know: where the answers come from.
@NullMarked
package io.railhead.learner.supervised;

import org.jspecify.annotations.NullMarked;
