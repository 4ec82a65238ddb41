/// What it costs to bring weights to other nodes: two processes that the benchmark starts, and a tree of followers.
@NullMarked
package io.railhead.bench.weights;

import org.jspecify.annotations.NullMarked;
