package io.railhead.learner;

import io.railhead.actors.durable.DurableFiles;
import io.railhead.actors.incarnation.Birth;
import io.railhead.actors.incarnation.Fence;
import io.railhead.actors.incarnation.FencedException;
import io.railhead.actors.incarnation.Incarnations;
import io.railhead.actors.incarnation.Lineage;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.wire.StageCodec;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The checkpoints of a run: `RUN_DIR/checkpoints/step-N/` with the policy's own files (`model/`,
/// `optimizer.safetensors`), `state.pb` (the stage controller's snapshot), `incarnation` (the life that made it)
/// and `manifest.json`.
///
/// A commit is all or nothing: everything is written to a directory aside (`.tmp-step-N`), flushed to the disk, and
/// moved into place by one rename. Only the first of these needs the policy ([#stage]); the rest may be done beside
/// training ([#finish]). A process that dies at any instant leaves the checkpoint before, or both. A
/// version that is committed again replaces its directory; while that happens the earlier one is at `.old-step-N`,
/// where [#latest] finds it.
///
/// A life of the run that another one has replaced commits nothing any more. If it does all the same, because it
/// was frozen at the last moment before the rename, its commit is in no [Lineage] and does not count.
public final class Checkpoints {
    private final Path directory;
    private final Retention retention;
    private final Fence fence;
    private final Optional<Birth> birth;
    private final Incarnations lives;

    private Checkpoints(Path directory, Retention retention, Fence fence, Optional<Birth> birth, Incarnations lives) {
        this.directory = directory;
        this.retention = retention;
        this.fence = fence;
        this.birth = birth;
        this.lives = lives;
    }

    /// @param retention which of them stay when one is committed
    public static Checkpoints in(Path runDirectory, Retention retention) {
        return new Checkpoints(
                runDirectory.resolve("checkpoints"),
                retention,
                Fence.open(),
                Optional.empty(),
                Incarnations.in(runDirectory));
    }

    /// As this, for one life: it begins where its birth says, and commits while the fence lets it.
    public Checkpoints of(Birth birth, Fence lifes) {
        return new Checkpoints(directory, retention, lifes, Optional.of(birth), lives);
    }

    /// What the score of a commit is made of.
    CommitScore.Tally tally() {
        return new CommitScore.Tally(retention.bestBy());
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

    /// As [#commit(StageSnapshot, Optional, Contents)], without a score.
    public Committed commit(StageSnapshot stage, Contents contents) throws CheckpointException, FencedException {
        return commit(stage, Optional.empty(), contents);
    }

    /// A checkpoint that is written aside.
    ///
    /// @param target where it will be
    public record Staged(PolicyVersion version, Path aside, Path target) {}

    /// [#stage] and [#finish].
    public Committed commit(StageSnapshot stage, Optional<CommitScore> score, Contents contents)
            throws CheckpointException, FencedException {
        return finish(stage(stage, score, contents));
    }

    /// Writes a checkpoint aside. It does not count yet. One of the same version and life that was not finished is
    /// replaced.
    ///
    /// @throws CheckpointException if a file cannot be written; the checkpoints are as they were
    public Staged stage(StageSnapshot stage, Optional<CommitScore> score, Contents contents)
            throws CheckpointException {
        long version = stage.version().number();
        Path target = CheckpointNames.target(directory, version);
        Path aside =
                CheckpointNames.aside(directory, version, fence.incarnation().number());
        try {
            DurableFiles.createDirectories(directory);
            DurableFiles.deleteTree(aside);
            Files.createDirectory(aside);
            contents.writeTo(aside);
            Files.write(
                    aside.resolve(CheckpointReader.STATE),
                    StageCodec.toProto(stage).toByteArray());
            Files.writeString(
                    aside.resolve(CheckpointReader.INCARNATION),
                    fence.incarnation().number() + "\n");
            if (score.isPresent()) {
                Files.write(aside.resolve(CommitScore.NAME), score.get().toJson());
            }
            return new Staged(stage.version(), aside, target);
        } catch (IOException e) {
            CheckpointException failure = new CheckpointException(target, e);
            deleteQuietly(aside, failure);
            throw failure;
        }
    }

    /// Makes a staged checkpoint durable, then deletes those that need not be kept any more.
    ///
    /// @throws FencedException if another life has begun; the checkpoints are as they were
    /// @throws CheckpointException if a file cannot be written; the checkpoints before are as they were
    public Committed finish(Staged staged) throws CheckpointException, FencedException {
        Path aside = staged.aside();
        Path target = staged.target();
        try {
            CheckpointManifest.ofFilesIn(aside).write(aside);
            DurableFiles.flushTree(aside);
            fence.check();
            if (Files.exists(target)) {
                Path old = CheckpointNames.old(directory, staged.version().number());
                DurableFiles.deleteTree(old);
                DurableFiles.rename(target, old); // durable before the next: else a crash may leave neither
            }
            DurableFiles.rename(aside, target);
        } catch (FencedException e) {
            deleteQuietly(aside, e);
            throw e;
        } catch (IOException e) {
            CheckpointException failure = new CheckpointException(target, e);
            deleteQuietly(aside, failure);
            throw failure;
        }
        try {
            fence.check();
            prune(staged.version());
            return new Committed(target, Optional.empty());
        } catch (IOException e) {
            return new Committed(target, Optional.of(new CheckpointException(directory, e)));
        } catch (CheckpointException e) {
            return new Committed(target, Optional.of(e));
        }
    }

    /// The newest checkpoint of a run that verifies. Nothing is written.
    public static Latest latest(Path runDirectory) throws CheckpointException {
        return in(runDirectory, Retention.last(1)).latest();
    }

    /// All checkpoints that belong to a run. Nothing is written.
    public static Kept kept(Path runDirectory) throws CheckpointException {
        Checkpoints checkpoints = in(runDirectory, Retention.last(1));
        Lineage lineage = checkpoints.lineage();
        NavigableMap<PolicyVersion, Checkpoint> good = new TreeMap<>();
        SortedMap<PolicyVersion, CheckpointException> damaged = new TreeMap<>();
        for (Path candidate : CheckpointNames.candidates(checkpoints.directory)) {
            PolicyVersion version = new PolicyVersion(CheckpointNames.number(candidate));
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
        for (Path candidate : CheckpointNames.candidates(directory)) {
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
        for (Path candidate : CheckpointNames.candidates(directory)) {
            if (CheckpointNames.number(candidate) == version.number()) {
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
        CheckpointManifest.read(checkpoint).verify(checkpoint, List.of(CheckpointReader.STATE));
        StageSnapshot stage = CheckpointReader.stage(checkpoint);
        return new Checkpoint(stage.version(), checkpoint, stage, CheckpointReader.maker(checkpoint));
    }

    /// Deletes what is not to be kept of the run's checkpoints, whatever this was made to keep. The newest good one
    /// stays in any case.
    ///
    /// @param really or only say what would be deleted
    /// @return what was deleted, oldest first
    /// @throws CheckpointException if no checkpoint is good, or one cannot be deleted
    public static List<Path> prune(Path runDirectory, Retention retention, boolean really) throws CheckpointException {
        Checkpoints checkpoints = in(runDirectory, retention);
        Latest latest = checkpoints.latest();
        if (latest.checkpoint().isEmpty()) {
            throw new CheckpointException(checkpoints.directory, "there is no good checkpoint to go on from");
        }
        PolicyVersion newest = latest.checkpoint().get().version();
        try {
            List<Path> superseded = checkpoints.superseded(newest);
            if (really) {
                for (Path checkpoint : superseded) {
                    DurableFiles.deleteTree(checkpoint);
                }
            }
            return superseded.reversed();
        } catch (IOException e) {
            throw new CheckpointException(checkpoints.directory, e);
        }
    }

    /// Deletes what a crash left aside, directories that were replaced, and checkpoints that need not be kept.
    private void prune(PolicyVersion committed) throws IOException, CheckpointException {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.filter(CheckpointNames::isLeftover).toList()) {
                DurableFiles.deleteTree(entry);
            }
        }
        for (Path checkpoint : superseded(committed)) {
            DurableFiles.deleteTree(checkpoint);
        }
    }

    /// Checkpoints that need not be kept now that this version is durable, newest first. One of a later version is
    /// damaged, else the run had gone on from it: it does not count, and is replaced when the run comes to that
    /// version. One that says nothing of itself, or that no life of the run made, is worth nothing.
    private List<Path> superseded(PolicyVersion committed) throws CheckpointException {
        Lineage lineage = lineage();
        List<Path> all = CheckpointNames.candidates(directory).stream()
                .filter(checkpoint -> CheckpointNames.number(checkpoint) <= committed.number())
                .toList();
        NavigableMap<PolicyVersion, OptionalDouble> scores = new TreeMap<>();
        for (Path checkpoint : all) {
            try {
                PolicyVersion version = new PolicyVersion(CheckpointNames.number(checkpoint));
                if (lineage.holds(CheckpointReader.maker(checkpoint), version)) {
                    scores.put(version, score(checkpoint));
                }
            } catch (CheckpointException _) {
                // says nothing of itself
            }
        }
        NavigableSet<PolicyVersion> kept = retention.kept(scores);
        kept.add(committed);
        return all.stream()
                .filter(checkpoint -> !kept.contains(new PolicyVersion(CheckpointNames.number(checkpoint))))
                .toList();
    }

    private OptionalDouble score(Path checkpoint) throws CheckpointException {
        return CheckpointReader.score(checkpoint)
                .filter(score -> score.metric().equals(retention.bestBy()))
                .map(score -> OptionalDouble.of(score.mean()))
                .orElse(OptionalDouble.empty());
    }

    private static void deleteQuietly(Path aside, Exception because) {
        try {
            DurableFiles.deleteTree(aside);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }
}
