package io.railhead.policy.vision;

import java.util.Set;

/// Where attention maps go: behind a block, or in its place.
///
/// Saini et al., "ULSAM: Ultra-Lightweight Subspace Attention Module for Compact Convolutional Neural Networks", WACV
/// 2020 (arXiv 2006.15102).
///
/// @param block from 1 on, as [Backbone#blocks] counts them
/// @param subspaces that the channels are split into
public record SubspaceAttention(int block, Place place, int subspaces) {
    private static final Set<Integer> SUBSPACES = Set.of(1, 2, 4, 8, 16);

    public enum Place {
        AFTER,
        INSTEAD_OF
    }

    public SubspaceAttention {
        if (!SUBSPACES.contains(subspaces)) {
            throw new IllegalArgumentException(subspaces + " subspaces are none of 1, 2, 4, 8 and 16");
        }
    }
}
