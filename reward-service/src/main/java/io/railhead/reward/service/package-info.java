/// The scoring functions as a service of their own: HTTP with JSON, and gRPC, for trainers that are not on the JVM.
///
/// [RewardService] is the whole of it; [HttpApi] and [GrpcApi] are its two doors, [BatchScorer] is what both lead to.
///
/// Knows: `io.railhead.reward`, the schema `railhead/v1/reward.proto`.
/// Does not know: runs, rollouts, leases; who calls.
@NullMarked
package io.railhead.reward.service;

import org.jspecify.annotations.NullMarked;
