package io.railhead.policy.djl;

import io.railhead.policy.PatchGrid;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the vision tower made of recent pictures with one set of weights, so that all questions about a picture share
/// it.
/// Whoever changes the weights must call `clear`.
///
/// The pictures of one call are computed together and apart from all others, so results do not depend on what the cache
/// holds, to the bit. What `of` returned may be used until the next `trim` or `clear`.
final class FeatureCache implements AutoCloseable {
    private static final long MAX_FLOATS = 16L << 20; // 64 MiB in single precision

    private final PolicyNetwork network;
    private final TensorScope owner;
    private final long maxFloats;
    private final Map<List<PatchGrid>, Entry> recent = new LinkedHashMap<>(16, 0.75f, true);
    private long floats;

    private record Entry(TensorScope own, VisionFeatures features) {
        long floats() {
            return features.features().size();
        }
    }

    FeatureCache(PolicyNetwork network, TensorScope owner) {
        this(network, owner, MAX_FLOATS);
    }

    FeatureCache(PolicyNetwork network, TensorScope owner, long maxFloats) {
        this.network = network;
        this.owner = owner;
        this.maxFloats = maxFloats;
    }

    /// @param pictures the same objects as before are known again
    VisionFeatures of(VisionWeights weights, List<PatchGrid> pictures) {
        Entry known = recent.get(pictures);
        if (known != null) {
            return known.features();
        }
        TensorScope own = TensorScope.within(owner);
        Entry made = new Entry(own, VisionFeatures.of(own, network, weights, pictures));
        recent.put(List.copyOf(pictures), made);
        floats += made.floats();
        return made.features();
    }

    /// Frees what was used longest ago until the rest is within the bound. The newest stays, however large.
    void trim() {
        Iterator<Entry> oldest = recent.values().iterator();
        while (floats > maxFloats && recent.size() > 1) {
            Entry entry = oldest.next();
            oldest.remove();
            floats -= entry.floats();
            entry.own().close();
        }
    }

    void clear() {
        recent.values().forEach(entry -> entry.own().close());
        recent.clear();
        floats = 0;
    }

    int size() {
        return recent.size();
    }

    @Override
    public void close() {
        clear();
    }
}
