package io.railhead.bench;

import io.railhead.transit.Difficulty;
import io.railhead.transit.Seeds;
import io.railhead.transit.map.MapGenerator;
import io.railhead.transit.map.MapPainter;
import java.util.List;

/// How many maps a second one thread draws: laid out, painted and written as PNG, the difficulties in turn.
final class MapsBenchmark implements Benchmark {
    @Override
    public List<Figure> run(Loop loop) {
        return List.of(loop.measure("maps", Unit.perSecond("maps"), new Drawing()));
    }

    /// One map of each difficulty, never the same again.
    private static final class Drawing implements Work {
        private final MapPainter painter = new MapPainter();
        private long drawn;

        @Override
        public long run() {
            for (Difficulty difficulty : Difficulty.values()) {
                long seed = Seeds.derive(SEED, drawn++);
                byte[] png = painter.png(MapGenerator.generate(seed, difficulty));
                if (png.length == 0) {
                    throw new IllegalStateException("the picture of seed " + seed + " is empty");
                }
            }
            return Difficulty.values().length;
        }
    }
}
