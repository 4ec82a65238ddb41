/// Weights as they travel: block by block, whole or as the difference from the version before, each step checked.
///
/// Contents are cut into blocks ([WeightsLayout]) and summed block by block ([ContentSums]); the SHA-256 over
/// those sums is the *root*, the name of the contents. A [TransferManifest] says from which root to which it
/// leads; [Chunk]s carry the blocks; an [Assembly] makes the new snapshot of them, beside the old one, and gives
/// it out only if its root is the one that was promised.
///
/// Knows: tensors as bytes, how floating point numbers are ordered. Does not know: sockets, actors, engines.
@NullMarked
package io.railhead.actors.weights.delta;

import org.jspecify.annotations.NullMarked;
