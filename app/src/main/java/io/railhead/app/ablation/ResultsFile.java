package io.railhead.app.ablation;

import io.railhead.app.run.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// `results.jsonl` of an ablation: all results answer the same questions.
public final class ResultsFile implements AutoCloseable {
    private final ResultLines<ArmResult> lines;

    private ResultsFile(ResultLines<ArmResult> lines) {
        this.lines = lines;
    }

    /// @throws UsageException if a whole line is not a result, or another process has the file
    public static ResultsFile open(Path file) throws IOException {
        return new ResultsFile(ResultLines.open(file, ArmResult.class));
    }

    public List<ArmResult> results() {
        return lines.results();
    }

    public boolean has(String arm, long seed) {
        return results().stream().anyMatch(result -> result.arm().equals(arm) && result.seed() == seed);
    }

    /// @throws UsageException if it answers other questions than the results before
    public void append(ArmResult result) throws IOException {
        List<ArmResult> before = results();
        if (!before.isEmpty() && !ids(before.getFirst()).equals(ids(result))) {
            throw new UsageException("%s with seed %d was asked other questions than %s"
                    .formatted(result.arm(), result.seed(), before.getFirst().arm()));
        }
        lines.append(result);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private static List<String> ids(ArmResult result) {
        return result.answers().stream().map(ArmAnswer::id).toList();
    }
}
