package io.railhead.app.live;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// Where the page's facts come from; each may be asked from any thread.
///
/// @param run the directory of the run; empty on a node that has none
/// @param heartbeat something is sent to each listener at least so often
/// @param listeners at most so many at a time
/// @param status the node's, as one line of JSON
public record LiveSources(
        Optional<Path> run, Duration heartbeat, int listeners, Supplier<CompletionStage<String>> status) {}
