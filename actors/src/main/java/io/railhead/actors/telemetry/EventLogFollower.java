package io.railhead.actors.telemetry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads on in a log that is written meanwhile, from its start. Not thread-safe; holds no file open between two calls.
public final class EventLogFollower {
    private final Path directory;
    private int segment;
    private long position;
    private SegmentPictures pictures = new SegmentPictures();

    public EventLogFollower(Path directory) {
        this.directory = directory;
    }

    /// Hands over what was added since the last call, in order.
    ///
    /// @throws EventLogDamagedException if there is damage before the end; it names file and offset
    public void more(Consumer<RecordedFact> facts) throws IOException {
        List<SegmentFile> files = SegmentFile.of(directory);
        for (SegmentFile file : files) {
            if (file.number() < segment) {
                continue;
            }
            if (file.number() > segment) {
                segment = file.number();
                position = 0;
                pictures = new SegmentPictures();
            }
            boolean isLast = file.equals(files.getLast());
            try (SegmentReader reader = EventLogReader.open(directory, file, isLast, position, pictures)) {
                for (Optional<RecordedFact> fact = reader.next(); fact.isPresent(); fact = reader.next()) {
                    facts.accept(fact.get());
                    position = reader.position();
                }
                if (!isLast) {
                    EventLogReader.requireWhole(file, reader);
                }
            }
        }
    }
}
