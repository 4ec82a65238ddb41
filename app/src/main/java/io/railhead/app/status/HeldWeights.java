package io.railhead.app.status;

import io.railhead.policy.PolicyVersion;
import java.util.Optional;

/// The newest weights that a node holds, verified.
///
/// @param source HOST:PORT of the weights port they came from; empty if they were made or started with here
/// @param address HOST:PORT of this node's own weights port
public record HeldWeights(PolicyVersion version, Optional<String> source, String address) {}
