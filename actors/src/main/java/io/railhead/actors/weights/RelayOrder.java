package io.railhead.actors.weights;

import java.util.ArrayList;
import java.util.List;

/// The places of the nodes in the tree of one version, in which they are told of it. Immutable.
///
/// A place that was given stays given: whoever joins while the version is on its way gets the next one, and whoever
/// joins again, at the same address, has the place that it had. So the node that somebody was told to ask is still the
/// one to ask, and the root has no more children than the tree allows, however nodes come and go.
///
/// @param addresses by place
record RelayOrder(List<String> addresses) {
    static final RelayOrder NONE = new RelayOrder(List.of());

    RelayOrder {
        addresses = List.copyOf(addresses);
    }

    /// The same if it has a place already.
    RelayOrder with(String address) {
        if (addresses.contains(address)) {
            return this;
        }
        List<String> more = new ArrayList<>(addresses);
        more.add(address);
        return new RelayOrder(more);
    }

    /// Whom the node at an address asks, in this order.
    List<String> sources(RelayTree tree, String address) {
        return tree.sources(addresses, addresses.indexOf(address));
    }
}
