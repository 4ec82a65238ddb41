/// Rollout workers: leases in, generated rollouts out, weights swapped between two tokens.
///
/// [RolloutWorker] talks to the other roles and is always responsive; its child [GenerationExecutor] owns the engine on
/// a thread of its own. [RolloutState] holds the rules.
///
/// Knows: `io.railhead.actors.protocol`, [io.railhead.policy.GenerationEngine] as an interface.
/// Does not know: DJL, rewards, the learner, the curriculum, how weights travel.
@NullMarked
package io.railhead.rollout;

import org.jspecify.annotations.NullMarked;
