package io.railhead.learner;

import io.railhead.actors.incarnation.Birth;
import io.railhead.actors.incarnation.Fence;
import io.railhead.actors.incarnation.FencedException;
import io.railhead.actors.incarnation.Incarnations;
import io.railhead.actors.incarnation.Lineage;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.wire.MalformedMessageException;
import io.railhead.actors.wire.StageCodec;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The checkpoints of a run: `RUN_DIR/checkpoints/step-N/` with the policy's own files (`model/`,
/// `optimizer.safetensors`), `state.pb` (the stage controller's snapshot), `incarnation` (the life that made it)
/// and `manifest.json`.
///
/// A commit is all or nothing: everything is written to a directory aside (`.tmp-step-N`), flushed to the disk, and
/// moved into place by one rename. A process that dies at any instant leaves the checkpoint before, or both. A
/// version that is committed again replaces its directory; while that happens the earlier one is at `.old-step-N`,
/// where [#latest] finds it.
///
/// A life of the run that another one has replaced commits nothing any more. If it does all the same, because it
/// was frozen at the last moment before the rename, its commit is in no [Lineage] and does not count.
public final class Checkpoints {
    static final String STATE = "state.pb";
    private static final String INCARNATION = "incarnation";

    private static final Pattern NAME = Pattern.compile("(\\.old-)?step-(\\d{1,18})");

    private final Path directory;
    private final int keep;
    private final Fence fence;
    private final Optional<Birth> birth;
    private final Incarnations lives;

    private Checkpoints(Path directory, int keep, Fence fence, Optional<Birth> birth, Incarnations lives) {
        this.directory = directory;
        this.keep = keep;
        this.fence = fence;
        this.birth = birth;
        this.lives = lives;
    }

    /// @param keep newest checkpoints that stay when one is committed, at least 1
    public static Checkpoints in(Path runDirectory, int keep) {
        if (keep < 1) {
            throw new IllegalArgumentException("at least one checkpoint is kept: " + keep);
        }
        return new Checkpoints(
                runDirectory.resolve("checkpoints"),
                keep,
                Fence.open(),
                Optional.empty(),
                Incarnations.in(runDirectory));
    }

    /// As this, for one life: it begins where its birth says, and commits while the fence lets it.
    public Checkpoints of(Birth birth, Fence lifes) {
        return new Checkpoints(directory, keep, lifes, Optional.of(birth), lives);
    }

    /// Writes the policy's files into an existing directory.
    @FunctionalInterface
    public interface Contents {
        void writeTo(Path directory) throws IOException;
    }

    /// A checkpoint whose files are all as its manifest says, and the life that made it.
    public record Checkpoint(PolicyVersion version, Path directory, StageSnapshot stage, Incarnation maker) {}

    /// The newest good checkpoint, if there is one, and the newer ones that are not, each with its fault.
    public record Latest(Optional<Checkpoint> checkpoint, List<CheckpointException> skipped) {
        public Latest {
            skipped = List.copyOf(skipped);
        }
    }

    /// All checkpoints of a run that are still there: those that verify, oldest first, and the others with their
    /// faults.
    public record Kept(List<Checkpoint> good, SortedMap<PolicyVersion, CheckpointException> damaged) {
        public Kept {
            good = List.copyOf(good);
            damaged = Collections.unmodifiableSortedMap(new TreeMap<>(damaged));
        }
    }

    /// A durable checkpoint's directory, and what hindered deleting older ones, if anything did. They are tried
    /// again with the next commit.
    public record Committed(Path directory, Optional<CheckpointException> notPruned) {}

    /// Makes a checkpoint durable, then deletes those beyond the number to keep.
    ///
    /// @throws FencedException if another life has begun; the checkpoints are as they were
    /// @throws CheckpointException if a file cannot be written; the checkpoints before are as they were
    public Committed commit(StageSnapshot stage, Contents contents) throws CheckpointException, FencedException {
        String name = "step-" + stage.version().number();
        Path target = directory.resolve(name);
        Path aside = directory.resolve(".tmp-" + name + "-" + fence.incarnation());
        Path old = directory.resolve(".old-" + name);
        try {
            Files.createDirectories(directory);
            deleteTree(aside);
            Files.createDirectory(aside);
            contents.writeTo(aside);
            Files.write(aside.resolve(STATE), StageCodec.toProto(stage).toByteArray());
            Files.writeString(aside.resolve(INCARNATION), fence.incarnation().number() + "\n");
            CheckpointManifest.ofFilesIn(aside).write(aside);
            flushTree(aside);
            fence.check();
            if (Files.exists(target)) {
                deleteTree(old);
                Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
            flush(directory);
        } catch (FencedException e) {
            deleteQuietly(aside, e);
            throw e;
        } catch (IOException e) {
            throw abandoned(aside, target, e);
        }
        try {
            fence.check();
            prune(stage.version());
            return new Committed(target, Optional.empty());
        } catch (IOException e) {
            return new Committed(target, Optional.of(new CheckpointException(directory, e)));
        } catch (CheckpointException e) {
            return new Committed(target, Optional.of(e));
        }
    }

    /// The newest checkpoint of a run that verifies. Nothing is written.
    public static Latest latest(Path runDirectory) throws CheckpointException {
        return in(runDirectory, 1).latest();
    }

    /// All checkpoints that belong to a run. Nothing is written.
    public static Kept kept(Path runDirectory) throws CheckpointException {
        Checkpoints checkpoints = in(runDirectory, 1);
        Lineage lineage = checkpoints.lineage();
        NavigableMap<PolicyVersion, Checkpoint> good = new TreeMap<>();
        SortedMap<PolicyVersion, CheckpointException> damaged = new TreeMap<>();
        for (Path candidate : candidates(checkpoints.directory)) {
            PolicyVersion version = new PolicyVersion(number(candidate));
            try {
                Checkpoint checkpoint = read(candidate);
                if (lineage.holds(checkpoint.maker(), version)) {
                    good.putIfAbsent(version, checkpoint);
                }
            } catch (CheckpointException e) {
                damaged.putIfAbsent(version, e);
            }
        }
        damaged.keySet().removeAll(good.keySet());
        return new Kept(List.copyOf(good.values()), damaged);
    }

    /// As [#latest(Path)], of this run.
    Latest latest() throws CheckpointException {
        Lineage lineage = lineage();
        List<CheckpointException> skipped = new ArrayList<>();
        for (Path candidate : candidates(directory)) {
            try {
                Checkpoint checkpoint = read(candidate);
                if (lineage.holds(checkpoint.maker(), checkpoint.version())) {
                    return new Latest(Optional.of(checkpoint), skipped);
                }
            } catch (CheckpointException e) {
                skipped.add(e);
            }
        }
        return new Latest(Optional.empty(), skipped);
    }

    /// The checkpoint to begin with: the one that this life goes on from, or else the newest.
    ///
    /// @throws CheckpointException if that is not there any more, or damaged
    Latest start() throws CheckpointException {
        if (birth.isEmpty()) {
            return latest();
        }
        Optional<PolicyVersion> from = birth.get().from();
        return from.isEmpty()
                ? new Latest(Optional.empty(), List.of())
                : new Latest(Optional.of(require(from.get())), List.of());
    }

    private Checkpoint require(PolicyVersion version) throws CheckpointException {
        Lineage lineage = lineage();
        CheckpointException fault = new CheckpointException(directory, "step-" + version.number() + " is not there");
        for (Path candidate : candidates(directory)) {
            if (number(candidate) == version.number()) {
                try {
                    Checkpoint checkpoint = read(candidate);
                    if (lineage.holds(checkpoint.maker(), version)) {
                        return checkpoint;
                    }
                } catch (CheckpointException e) {
                    fault = e;
                }
            }
        }
        throw fault;
    }

    private Lineage lineage() throws CheckpointException {
        try {
            return lives.lineage();
        } catch (IOException e) {
            throw new CheckpointException(directory, e);
        }
    }

    /// @throws CheckpointException if a file is missing or damaged
    public static Checkpoint read(Path checkpoint) throws CheckpointException {
        CheckpointManifest.read(checkpoint).verify(checkpoint, List.of(STATE));
        try {
            StageSnapshot stage = StageCodec.fromProto(
                    io.railhead.protos.v1.StageSnapshot.parseFrom(Files.readAllBytes(checkpoint.resolve(STATE))));
            if (stage.version().number() != number(checkpoint)) {
                throw new CheckpointException(checkpoint, STATE + " is of version " + stage.version());
            }
            return new Checkpoint(stage.version(), checkpoint, stage, maker(checkpoint));
        } catch (IOException | MalformedMessageException e) {
            throw new CheckpointException(checkpoint.resolve(STATE), e);
        }
    }

    /// A checkpoint that does not say is from before the run kept a record of its lives.
    private static Incarnation maker(Path checkpoint) throws IOException, CheckpointException {
        Path file = checkpoint.resolve(INCARNATION);
        if (!Files.exists(file)) {
            return Incarnation.NONE;
        }
        String text = Files.readString(file).strip();
        if (!text.matches("\\d{1,18}")) {
            throw new CheckpointException(checkpoint, INCARNATION + " is not a number: " + text);
        }
        return new Incarnation(Long.parseLong(text));
    }

    /// Newest first; of one version the one in place before the one that it replaced.
    private static List<Path> candidates(Path directory) throws CheckpointException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory)
                    .filter(entry ->
                            NAME.matcher(entry.getFileName().toString()).matches())
                    .sorted(Comparator.comparingLong(Checkpoints::number)
                            .reversed()
                            .thenComparing(entry -> entry.getFileName().toString(), Comparator.reverseOrder()))
                    .toList();
        } catch (IOException e) {
            throw new CheckpointException(directory, e);
        }
    }

    private static long number(Path checkpoint) {
        Matcher matcher = NAME.matcher(checkpoint.getFileName().toString());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(checkpoint + " is not named step-N");
        }
        return Long.parseLong(matcher.group(2));
    }

    /// Deletes what a crash left aside, directories that were replaced, and checkpoints beyond the number to keep.
    /// A checkpoint of a later version than the one just committed is damaged, else the run had gone on from it: it
    /// does not count, and is replaced when the run comes to that version.
    private void prune(PolicyVersion committed) throws IOException, CheckpointException {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (name.startsWith(".tmp-step-") || name.startsWith(".old-step-")) {
                    deleteTree(entry);
                }
            }
        }
        List<Path> superseded = candidates(directory).stream()
                .filter(checkpoint -> number(checkpoint) <= committed.number())
                .skip(keep)
                .toList();
        for (Path checkpoint : superseded) {
            deleteTree(checkpoint);
        }
    }

    private static CheckpointException abandoned(Path aside, Path target, IOException cause) {
        CheckpointException failure = new CheckpointException(target, cause);
        deleteQuietly(aside, failure);
        return failure;
    }

    private static void deleteQuietly(Path aside, Exception because) {
        try {
            deleteTree(aside);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    private static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void flushTree(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                flush(path);
            }
        }
    }

    /// A directory can be opened for reading only; flushing it makes the names in it durable.
    private static void flush(Path path) throws IOException {
        StandardOpenOption option = Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }
}
