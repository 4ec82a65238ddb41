package io.railhead.bench;

import java.io.IOException;
import java.util.List;

/// Measures one part of the system. Single-threaded on the Java side.
interface Benchmark {
    /// Of all that is drawn at random here.
    long SEED = 1;

    List<Figure> run(Loop loop) throws IOException;
}
