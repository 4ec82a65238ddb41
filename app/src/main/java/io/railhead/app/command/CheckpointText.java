package io.railhead.app.command;

import io.railhead.app.run.RunDirectory;
import io.railhead.app.run.UsageException;
import io.railhead.learner.CheckpointException;
import io.railhead.learner.CheckpointSurvey;
import io.railhead.learner.CommitScore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the commands about checkpoints say of them.
final class CheckpointText {
    private CheckpointText() {}

    /// @throws UsageException if there is no run
    static void requireRun(Path run) {
        if (!RunDirectory.holdsRun(run)) {
            throw new UsageException("no run in " + run);
        }
    }

    /// All of a run, or the one that the path names.
    static CheckpointSurvey survey(Path runOrCheckpoint, boolean contents) throws CheckpointException {
        if (runOrCheckpoint.getFileName() != null
                && runOrCheckpoint.getFileName().toString().matches("step-\\d{1,18}")
                && Files.isDirectory(runOrCheckpoint)) {
            return CheckpointSurvey.ofOne(runOrCheckpoint);
        }
        requireRun(runOrCheckpoint);
        return CheckpointSurvey.of(runOrCheckpoint, contents);
    }

    static String line(CheckpointSurvey.Found found) {
        return String.format(
                Locale.ROOT,
                "%-8s life %-4s %9.1f MB  %s%s%s",
                found.version(),
                found.maker().number(),
                found.bytes() / 1e6,
                found.score().map(CheckpointText::text).orElse(""),
                found.counts() ? "" : "  does not count: made after the run had gone on without its life",
                found.isGood() ? "" : "  damaged: " + String.join("; ", found.faults()));
    }

    private static String text(CommitScore score) {
        return String.format(Locale.ROOT, "%s %.4f over %d steps", score.metric(), score.mean(), score.steps());
    }

    static Map<String, Object> json(CheckpointSurvey survey) {
        List<Map<String, Object>> checkpoints =
                survey.checkpoints().stream().map(CheckpointText::json).toList();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("checkpoints", checkpoints);
        json.put("goes_on_from", survey.newestGood().map(CheckpointSurvey.Found::version));
        return json;
    }

    private static Map<String, Object> json(CheckpointSurvey.Found found) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", found.version());
        json.put("path", found.directory().toString());
        json.put("life", found.maker().number());
        json.put("counts", found.counts());
        json.put("bytes", found.bytes());
        json.put("score", found.score());
        json.put("good", found.isGood());
        json.put("faults", found.faults());
        return json;
    }
}
