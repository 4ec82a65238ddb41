package io.railhead.actors.incarnation;

import io.railhead.actors.durable.DurableFiles;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The lives of a run: `RUN_DIR/incarnations/N/`, with the files `birth` (what it went on from), `alive` (touched
/// while it lives) and `ended`.
///
/// Making the directory `N` is what ends life N-1: only one process can, and every later one sees it. After that
/// the new life looks for the commit to go on from, and writes it down before it does anything else. So a commit
/// that an old life manages to rename later is in no [Lineage].
public final class Incarnations {
    private static final String BIRTH = "birth";
    private static final String ALIVE = "alive";
    private static final String ENDED = "ended";
    private static final Pattern PARENT =
            Pattern.compile("parent=(\\d{1,18})\nfrom=(none|\\d{1,18})\n.*", Pattern.DOTALL);

    private final Path directory;

    private Incarnations(Path directory) {
        this.directory = directory;
    }

    public static Incarnations in(Path runDirectory) {
        return new Incarnations(runDirectory.resolve("incarnations"));
    }

    /// Takes the next number. From now on all earlier lives are fenced.
    ///
    /// @throws FencedException if another process was faster
    public Incarnation claim() throws IOException {
        DurableFiles.createDirectories(directory);
        Incarnation claimed = newest().next();
        try {
            Files.createDirectory(path(claimed));
        } catch (FileAlreadyExistsException _) {
            throw new FencedException(claimed);
        }
        touch(claimed);
        return claimed;
    }

    /// Writes down what a claimed life goes on from. Durable when it returns: what the life commits counts only with
    /// its birth.
    ///
    /// @param who for people: where it lives
    public void begin(Birth birth, String who) throws IOException {
        fence(birth.incarnation()).check();
        String from =
                birth.from().map(version -> Long.toString(version.number())).orElse("none");
        DurableFiles.replace(
                path(birth.incarnation()).resolve(BIRTH),
                "parent=%d\nfrom=%s\nwho=%s\n".formatted(birth.parent().number(), from, who.replace('\n', ' ')));
        DurableFiles.flush(directory);
    }

    /// Says that a life goes on living. Its silence lets others take over.
    ///
    /// @throws FencedException if another has begun already
    public void touch(Incarnation living) throws IOException {
        fence(living).check();
        Files.writeString(path(living).resolve(ALIVE), Instant.now().toString());
    }

    /// Says that a life is over, so that nobody waits for it.
    public void end(Incarnation ended) throws IOException {
        Files.writeString(path(ended).resolve(ENDED), Instant.now().toString());
    }

    /// The newest life, if it was alive in the last `patience`. Compares times of the file system alone, so that
    /// clocks of different machines do not matter.
    public Optional<Incarnation> living(Duration patience) throws IOException {
        Incarnation newest = newest();
        Path alive = path(newest).resolve(ALIVE);
        if (!Files.exists(alive) || Files.exists(path(newest).resolve(ENDED))) {
            return Optional.empty();
        }
        Path probe = Files.createTempFile(directory, ".now-", "");
        try {
            Duration silent = Duration.between(
                    Files.getLastModifiedTime(alive).toInstant(),
                    Files.getLastModifiedTime(probe).toInstant());
            return silent.compareTo(patience) < 0 ? Optional.of(newest) : Optional.empty();
        } finally {
            Files.delete(probe);
        }
    }

    /// Who the newest life said it is, for people.
    public String whoIs(Incarnation incarnation) throws IOException {
        Path birth = path(incarnation).resolve(BIRTH);
        return Files.exists(birth)
                ? Files.readString(birth).replaceFirst("(?s).*\nwho=", "").strip()
                : "a node that has not begun";
    }

    public Incarnation newest() throws IOException {
        if (!Files.isDirectory(directory)) {
            return Incarnation.NONE;
        }
        return numbers().stream().max(Incarnation::compareTo).orElse(Incarnation.NONE);
    }

    /// All lives that have begun. One that was only claimed has made nothing.
    public Lineage lineage() throws IOException {
        if (!Files.isDirectory(directory)) {
            return Lineage.EMPTY;
        }
        List<Birth> births = new ArrayList<>();
        for (Incarnation incarnation : numbers()) {
            birth(incarnation).ifPresent(births::add);
        }
        return Lineage.of(births);
    }

    /// Lets the life write until the next one is claimed.
    public Fence fence(Incarnation incarnation) {
        Path next = path(incarnation.next());
        return new Fence() {
            @Override
            public Incarnation incarnation() {
                return incarnation;
            }

            @Override
            public void check() throws FencedException {
                if (Files.exists(next)) {
                    throw new FencedException(incarnation);
                }
            }
        };
    }

    private List<Incarnation> numbers() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("[1-9]\\d{0,17}"))
                    .map(name -> new Incarnation(Long.parseLong(name)))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Optional<Birth> birth(Incarnation incarnation) throws IOException {
        String text;
        try {
            text = Files.readString(path(incarnation).resolve(BIRTH));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
        Matcher matcher = PARENT.matcher(text);
        if (!matcher.matches()) {
            throw new IOException(path(incarnation).resolve(BIRTH) + " is not the birth of a life: " + text);
        }
        Optional<PolicyVersion> from = matcher.group(2).equals("none")
                ? Optional.empty()
                : Optional.of(new PolicyVersion(Long.parseLong(matcher.group(2))));
        return Optional.of(new Birth(incarnation, new Incarnation(Long.parseLong(matcher.group(1))), from));
    }

    private Path path(Incarnation incarnation) {
        return directory.resolve(Long.toString(incarnation.number()));
    }
}
