package io.railhead.app.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.app.CommandRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The guides' commands run as they stand, one after the other, but for their size: fewer steps, questions and hours.
class GuidesTest {
    /// The last value counts, so these go behind a command's own.
    private static final Map<String, List<String>> SMALL = Map.of(
            "train", List.of("--steps", "2", "--set", "eval.questions=6"),
            "off-policy", List.of("--steps", "2", "--set", "eval.questions=6"),
            "ablate", List.of("--steps", "2", "--set", "eval.questions=6"),
            "eval", List.of("--limit", "6"),
            "simulate", List.of("--hours", "2"));

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docs/quick-start.md",
                "docs/trackers.md",
                "docs/tracing.md",
                "examples/01-embedded/README.md",
                "examples/02-async-variants/README.md",
                "examples/05-qwen25vl/README.md"
            })
    void everyCommandOfTheGuideThatNeedsNoGpuRuns(String guide) throws IOException {
        int ran = 0;
        for (DocumentedCommand command :
                DocumentedCommand.in(DocumentedCommand.root().resolve(guide))) {
            if (!command.needsGpu()) {
                CommandRun run = CommandRun.of(arguments(command.words()));
                assertThat(run.status()).as("%s: %s", command, run.err()).isZero();
                ran++;
            }
        }
        assertThat(ran).isPositive();
    }

    private String[] arguments(List<String> words) {
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (isTooLarge(words.getFirst(), words.subList(i, words.size()))) {
                i++; // and its value
            } else {
                arguments.add(placed(word));
            }
        }
        List<String> small = SMALL.getOrDefault(words.getFirst(), List.of());
        for (int i = 0; i < small.size(); i += 2) {
            if (small.get(i).equals("--set") || !arguments.contains(small.get(i))) {
                arguments.addAll(small.subList(i, i + 2));
            }
        }
        if (words.getFirst().equals("train") && !words.contains("--run-dir")) {
            arguments.addAll(List.of("--run-dir", temp.resolve("unnamed").toString()));
        }
        return arguments.toArray(String[]::new);
    }

    private static boolean isTooLarge(String command, List<String> rest) {
        List<String> small = SMALL.getOrDefault(command, List.of());
        String word = rest.getFirst();
        int option = word.startsWith("--") && !word.equals("--set") ? small.indexOf(word) : -1;
        return option >= 0 && Double.parseDouble(rest.get(1)) > 3 * Double.parseDouble(small.get(option + 1));
    }

    /// In the test's folder, or in the project's where the document names a file of it.
    private String placed(String word) {
        if (word.matches("(RUN_DIR|OUT)(/.*)?")) {
            return temp.resolve(word).toString();
        }
        return word.startsWith("examples/")
                ? DocumentedCommand.root().resolve(word).toString()
                : word;
    }
}
