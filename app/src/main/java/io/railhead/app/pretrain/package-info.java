/// Makes the embedded base model: supervised pretraining on generated maps, over the same policy and optimiser as
/// reinforcement learning.
///
/// Knows: the task, the policy, the learner's supervised objective. Does not know: actors, rewards.
@NullMarked
package io.railhead.app.pretrain;

import org.jspecify.annotations.NullMarked;
