package io.railhead.app.replay;

import io.railhead.app.replay.CommitCheck.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What came of a replay, for people.
public final class VerificationText {
    private static final String ROW = "%-9s %-10s %s";

    private VerificationText() {}

    public static List<String> lines(Verification.Result result) {
        List<String> lines = new ArrayList<>();
        lines.add("%d steps of %s replayed%s"
                .formatted(
                        result.steps(),
                        counted(result.lives(), "life", "lives"),
                        result.undone() == 0
                                ? ""
                                : ", %s that a later life undid left out"
                                        .formatted(counted(result.undone(), "step", "steps"))));
        result.notes().forEach(note -> lines.add("note: " + note));
        lines.add("commit    weights");
        result.commits().stream()
                .filter(commit -> commit.verdict() != Verdict.PRUNED)
                .forEach(commit -> lines.add(ROW.formatted(
                        commit.version(), commit.verdict().name().toLowerCase(Locale.ROOT), commit.detail())));
        pruned(result).ifPresent(lines::add);
        lines.add(
                result.differentSteps() == 0
                        ? "metrics: the same in all %d steps".formatted(result.steps())
                        : "metrics: different in %d of %d steps, first:"
                                .formatted(result.differentSteps(), result.steps()));
        result.differences()
                .forEach(difference -> lines.add("  %s %s: recorded %s, replayed %s"
                        .formatted(
                                difference.version(),
                                difference.name(),
                                difference.recorded(),
                                difference.replayed())));
        lines.add(versions(result));
        lines.add(conclusion(result));
        return lines;
    }

    /// One line for all of them: a long run has hundreds.
    private static Optional<String> pruned(Verification.Result result) {
        List<CommitCheck> pruned = result.commits().stream()
                .filter(commit -> commit.verdict() == Verdict.PRUNED)
                .toList();
        if (pruned.isEmpty()) {
            return Optional.empty();
        }
        String versions = pruned.size() == 1
                ? pruned.getFirst().version().toString()
                : pruned.getFirst().version() + " to " + pruned.getLast().version();
        return Optional.of(ROW.formatted(
                versions,
                "pruned",
                counted(pruned.size(), "checkpoint is", "checkpoints are") + " not there any more"));
    }

    private static String versions(Verification.Result result) {
        if (result.firstDifferentVersion().isPresent()) {
            return "checksums of weights: different from %s on"
                    .formatted(result.firstDifferentVersion().get());
        }
        return result.sameVersions() == 0
                ? "checksums of weights: none recorded"
                : "checksums of weights: the same for %d of %d versions"
                        .formatted(result.sameVersions(), result.steps() + 1);
    }

    private static String conclusion(Verification.Result result) {
        if (!result.same()) {
            return "the replay differs from the run";
        }
        long pruned = result.commits().stream()
                .filter(commit -> commit.verdict() == Verdict.PRUNED)
                .count();
        return "the replay is the run, bit for bit: %s checked%s"
                .formatted(
                        counted(result.checked(), "commit", "commits"),
                        pruned == 0 ? "" : ", %d not, because their checkpoints are pruned".formatted(pruned));
    }

    private static String counted(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
