/// What the parts of Railhead cost, measured one by one on the machine at hand.
///
/// Knows: the task, the reward functions, the pure rules of the stage controller, the policy on DJL. Does not know:
/// actors at work, clusters, run directories. Nothing depends on it.
@NullMarked
package io.railhead.bench;

import org.jspecify.annotations.NullMarked;
