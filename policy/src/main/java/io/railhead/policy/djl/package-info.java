/// The policy on DJL with PyTorch: the Qwen2.5-VL architecture, its generation engine and its training passes.
///
/// All native code of the project is here. Every object of this package belongs to one thread, the one that made it.
///
/// Knows: `io.railhead.policy`, DJL. Does not know: actors, rewards, curricula, configuration files.
@NullMarked
package io.railhead.policy.djl;

import org.jspecify.annotations.NullMarked;
