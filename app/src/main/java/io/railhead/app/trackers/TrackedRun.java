package io.railhead.app.trackers;

import io.railhead.actors.durable.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a run is known to trackers, in all of its lives: `tracked-as` in its directory says.
///
/// @param name for people: that of its directory
/// @param id for trackers, no other run's: eight letters and digits
record TrackedRun(String name, String id, Instant start) {
    private static final int DIGITS = 8;
    private static final Pattern SAID = Pattern.compile("([0-9a-z]{8}) (\\S+)");

    /// Looks it up, and makes it up the first time.
    ///
    /// @throws IOException if the file cannot be read or written, or says something else; it names the file
    static TrackedRun of(Path run) throws IOException {
        String name = run.toAbsolutePath().normalize().getFileName().toString();
        Path file = run.resolve("tracked-as");
        try {
            Matcher said = SAID.matcher(Files.readString(file).strip());
            if (said.matches()) {
                return new TrackedRun(name, said.group(1), Instant.parse(said.group(2)));
            }
            throw new IOException(file + " does not say ID TIME");
        } catch (NoSuchFileException _) {
            TrackedRun fresh = new TrackedRun(name, freshId(), Instant.now().truncatedTo(ChronoUnit.SECONDS));
            DurableFiles.replace(file, fresh.id + " " + fresh.start + "\n");
            return fresh;
        } catch (DateTimeException e) {
            throw new IOException(file + " does not say ID TIME", e);
        }
    }

    private static String freshId() {
        StringBuilder id = new StringBuilder();
        new SecureRandom()
                .ints(DIGITS, 0, Character.MAX_RADIX)
                .forEach(digit -> id.append(Character.forDigit(digit, Character.MAX_RADIX)));
        return id.toString();
    }
}
