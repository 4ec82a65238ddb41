/// Generation by an inference server somewhere else, spoken to over HTTP.
///
/// Knows: the policy's vocabulary, how vLLM and SGLang are asked. Does not know: actors, leases.
@NullMarked
package io.railhead.rollout.remote;

import org.jspecify.annotations.NullMarked;
