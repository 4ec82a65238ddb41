/// Which node has which weights, and when: a store per node, a publisher beside the learner, a follower per node.
///
/// Contents go by reference, in one JVM through the store, between JVMs through a file that all nodes see; only
/// manifests are told. What is served was verified: byte count and SHA-256 are those of the manifest.
///
/// Knows: `actors.protocol`, weights as bytes. Does not know: tensors, engines, how weights are made or used.
@NullMarked
package io.railhead.actors.weights;

import org.jspecify.annotations.NullMarked;
