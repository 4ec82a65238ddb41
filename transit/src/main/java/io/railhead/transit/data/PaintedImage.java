package io.railhead.transit.data;

import io.railhead.transit.map.GeneratedMap;
import io.railhead.transit.map.MapPainter;
import java.lang.ref.SoftReference;
import org.jspecify.annotations.Nullable;

/// The picture of a generated map, painted when it is first asked for and kept for as long as memory allows.
final class PaintedImage implements ImageSource {
    private final GeneratedMap map;
    private final MapPainter painter;

    // A race paints the same picture twice, which does no harm.
    private volatile @Nullable SoftReference<byte[]> painted;

    PaintedImage(GeneratedMap map, MapPainter painter) {
        this.map = map;
        this.painter = painter;
    }

    @Override
    public String name() {
        return map.network().city() + ".png";
    }

    @Override
    public byte[] load() {
        SoftReference<byte[]> kept = painted;
        byte[] png = kept == null ? null : kept.get();
        if (png == null) {
            png = painter.png(map);
            painted = new SoftReference<>(png);
        }
        return png.clone();
    }
}
