package io.railhead.actors.telemetry;

import java.io.IOException;
import java.nio.file.Path;

/// An event log that is damaged elsewhere than at its torn end: file, offset and what is wrong there.
public final class EventLogDamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final long offset;

    EventLogDamagedException(Path file, long offset, String defect) {
        super(file + " at byte " + offset + ": " + defect);
        this.file = file;
        this.offset = offset;
    }

    EventLogDamagedException(Path file, long offset, String defect, Throwable cause) {
        super(file + " at byte " + offset + ": " + defect, cause);
        this.file = file;
        this.offset = offset;
    }

    public Path file() {
        return file;
    }

    public long offset() {
        return offset;
    }
}
