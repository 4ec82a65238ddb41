package io.railhead.actors.weights.delta;

import io.railhead.policy.PolicyVersion;
import java.util.List;
import java.util.Optional;

/// What a transfer leads to and from where: the link of the chain from version to version.
///
/// @param root of the contents that it leads to
/// @param base what it is the difference from; empty for a snapshot
/// @param digests for each tensor the SHA-256 over its chunks as they travel, headers included, in hexadecimal digits;
///     empty for a snapshot that nobody signs, whose root says enough against accidents
public record TransferManifest(
        PolicyVersion version, String root, Optional<Base> base, WeightsLayout layout, List<String> digests) {
    /// A version with the root of its contents.
    public record Base(PolicyVersion version, String root) {}

    public TransferManifest {
        digests = List.copyOf(digests);
        if (!digests.isEmpty() && digests.size() != layout.tensors().size()) {
            throw new IllegalArgumentException(
                    digests.size() + " digests for " + layout.tensors().size() + " tensors");
        }
    }

    public boolean isDelta() {
        return base.isPresent();
    }
}
