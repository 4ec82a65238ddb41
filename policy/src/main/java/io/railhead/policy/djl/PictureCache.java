package io.railhead.policy.djl;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.ImageProcessor;
import io.railhead.policy.PatchGrid;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Decoded pictures, the most recently used first to stay: a picture comes again with other prompts about it, with the
/// reference pass and with the next microbatch of its group.
final class PictureCache {
    private static final long MAX_FLOATS = 48L << 20; // 192 MiB: 160 pictures of 224 x 224 pixels

    private final ImageProcessor processor;
    private final Map<EncodedImage, PatchGrid> recent = new LinkedHashMap<>(16, 0.75f, true);
    private long floats;

    PictureCache(ImageProcessor processor) {
        this.processor = processor;
    }

    /// @throws io.railhead.policy.PromptRejectedException if the picture cannot be taken
    PatchGrid patches(EncodedImage image) {
        PatchGrid known = recent.get(image);
        if (known != null) {
            return known;
        }
        PatchGrid made = processor.patches(image);
        recent.put(image, made);
        floats += made.patches().length;
        Iterator<PatchGrid> oldest = recent.values().iterator();
        while (floats > MAX_FLOATS && recent.size() > 1) {
            floats -= oldest.next().patches().length;
            oldest.remove();
        }
        return made;
    }
}
