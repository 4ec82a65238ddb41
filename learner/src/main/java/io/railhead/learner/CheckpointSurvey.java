package io.railhead.learner;

import io.railhead.actors.incarnation.Incarnations;
import io.railhead.actors.incarnation.Lineage;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All directories of checkpoints that a run has, with what is wrong with them, for people. Nothing is written.
///
/// @param checkpoints oldest first
public record CheckpointSurvey(List<Found> checkpoints) {
    /// One of them.
    ///
    /// @param counts whether it belongs to the run: not if its life made it after the run had gone on without it
    /// @param bytes of its files by its manifest
    /// @param faults sentences; empty if it is good
    public record Found(
            PolicyVersion version,
            Path directory,
            Incarnation maker,
            boolean counts,
            long bytes,
            Optional<CommitScore> score,
            List<String> faults) {
        public Found {
            faults = List.copyOf(faults);
        }

        public boolean isGood() {
            return faults.isEmpty();
        }
    }

    public CheckpointSurvey {
        checkpoints = List.copyOf(checkpoints);
    }

    /// @param contents whether to hash every file, and not only to look whether it is there
    public static CheckpointSurvey of(Path runDirectory, boolean contents) throws CheckpointException {
        Lineage lineage = lineage(runDirectory);
        List<Found> found = new ArrayList<>();
        for (Path candidate : CheckpointNames.candidates(runDirectory.resolve("checkpoints"))) {
            found.add(look(candidate, contents, lineage));
        }
        return new CheckpointSurvey(found.reversed());
    }

    /// One checkpoint alone, wherever it is.
    public static CheckpointSurvey ofOne(Path checkpoint) {
        Path parent = checkpoint.toAbsolutePath().getParent();
        Path run = parent == null || parent.getParent() == null ? checkpoint : parent.getParent();
        Lineage lineage;
        try {
            lineage = lineage(run);
        } catch (CheckpointException _) { // a copy of it, outside of its run
            lineage = Lineage.EMPTY;
        }
        return new CheckpointSurvey(List.of(look(checkpoint, true, lineage)));
    }

    /// The one that the run would go on from, by what was looked at.
    public Optional<Found> newestGood() {
        return checkpoints.reversed().stream()
                .filter(found -> found.counts() && found.isGood())
                .findFirst();
    }

    private static Found look(Path checkpoint, boolean contents, Lineage lineage) {
        PolicyVersion version = new PolicyVersion(CheckpointNames.number(checkpoint));
        List<String> faults = new ArrayList<>();
        long bytes = 0;
        Incarnation maker = Incarnation.NONE;
        Optional<CommitScore> score = Optional.empty();
        try {
            CheckpointManifest manifest = CheckpointManifest.read(checkpoint);
            bytes = manifest.bytes();
            faults.addAll(manifest.faults(checkpoint, List.of(CheckpointReader.STATE), contents));
            maker = CheckpointReader.maker(checkpoint);
            score = CheckpointReader.score(checkpoint);
            if (faults.isEmpty()) {
                CheckpointReader.stage(checkpoint);
            }
        } catch (CheckpointException e) {
            faults.add(e.fault());
        }
        return new Found(version, checkpoint, maker, lineage.holds(maker, version), bytes, score, faults);
    }

    private static Lineage lineage(Path runDirectory) throws CheckpointException {
        try {
            return Incarnations.in(runDirectory).lineage();
        } catch (IOException e) {
            throw new CheckpointException(runDirectory, e);
        }
    }
}
