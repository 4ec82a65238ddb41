package io.railhead.actors.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A file of an event log: `000001.log`, or `000001.log.zst` when it is compressed.
///
/// @param number its place in the log, from 1
record SegmentFile(Path path, int number, boolean isCompressed) {
    private static final Pattern NAME = Pattern.compile("([0-9]{6,9})\\.log(\\.zst)?");

    /// The files of a log in their order. While a segment is being replaced by what it is compressed to, both are
    /// there;
    /// the one that was written is taken.
    static List<SegmentFile> of(Path directory) throws IOException {
        NavigableMap<Integer, SegmentFile> byNumber = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path path : files.toList()) {
                Matcher name = NAME.matcher(path.getFileName().toString());
                if (name.matches()) {
                    SegmentFile file = new SegmentFile(path, Integer.parseInt(name.group(1)), name.group(2) != null);
                    byNumber.merge(file.number(), file, (one, other) -> one.isCompressed() ? other : one);
                }
            }
        }
        return new ArrayList<>(byNumber.values());
    }

    /// The file in which a segment is written.
    static Path written(Path directory, int number) {
        return directory.resolve(String.format(Locale.ROOT, "%06d.log", number));
    }

    /// The file that it is compressed to.
    static Path compressed(Path directory, int number) {
        return directory.resolve(String.format(Locale.ROOT, "%06d.log.zst", number));
    }
}
