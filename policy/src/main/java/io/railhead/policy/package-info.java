/// The vocabulary of the policy: what every module may say about prompts, tokens, weights, generation and training.
///
/// Plain Java: no tensor, no native code, no clock, no randomness of its own. The implementation on DJL and PyTorch is
/// in `io.railhead.policy.djl`, which only the composition root names.
///
/// Knows: tokens, images as encoded bytes, weights as named byte ranges, model folders.
/// Does not know: actors, messages, rewards, curricula, settings of a run.
@NullMarked
package io.railhead.policy;

import org.jspecify.annotations.NullMarked;
