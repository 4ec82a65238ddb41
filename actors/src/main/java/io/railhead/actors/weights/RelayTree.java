package io.railhead.actors.weights;

import java.util.ArrayList;
import java.util.List;

/// Who fetches from whom: a tree with the publisher's node at the root, in which no node has more children than
/// `arity`.
///
/// So the publisher's node sends as many copies as it has children, however many nodes there are, and a version
/// reaches `n` nodes in about `log n` hops. A node whose parent fails asks the next one up, and the root at last.
record RelayTree(int arity, String root) {
    RelayTree {
        if (arity < 1) {
            throw new IllegalArgumentException("a tree grows by one child at least: " + arity);
        }
    }

    /// The nodes that the one at `index` asks, in this order, ending with the root.
    ///
    /// @param addresses of all nodes but the root, those near the root first
    List<String> sources(List<String> addresses, int index) {
        List<String> sources = new ArrayList<>();
        for (int parent = parentOf(index); parent >= 0; parent = parentOf(parent)) {
            sources.add(addresses.get(parent));
        }
        sources.add(root);
        return List.copyOf(sources);
    }

    /// @return -1 for the root
    private int parentOf(int index) {
        return index < arity ? -1 : (index - arity) / arity;
    }
}
