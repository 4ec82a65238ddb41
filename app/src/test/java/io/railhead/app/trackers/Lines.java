package io.railhead.app.trackers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// Lines of `metrics.jsonl` for tests.
final class Lines {
    static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private Lines() {}

    static String line(long version, double reward) {
        return "{\"version\":%d,\"time\":\"%s\",\"stage\":\"judging\",\"reward/mean\":%s,\"kl/mismatch\":null}"
                .formatted(version, START.plusSeconds(version), reward);
    }

    /// A file with steps from 1 on, whose rewards are their versions.
    static void write(Path file, long upTo) throws IOException {
        Files.write(
                file,
                LongStream.rangeClosed(1, upTo)
                        .mapToObj(version -> line(version, (double) version))
                        .toList());
    }

    static List<TrackedStep> steps(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(version -> new TrackedStep(
                        version,
                        START.plusSeconds(version),
                        "judging",
                        Map.of("reward/mean", (double) version, "loss/total", -0.5)))
                .toList();
    }
}
