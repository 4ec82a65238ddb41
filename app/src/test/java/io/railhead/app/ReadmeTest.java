package io.railhead.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README's commands run as they stand: the training ones on fewer held-out questions, for a few steps if
/// the command says nothing of them, and with a place of their own; the service on any free port, no longer than it
/// takes to start.
class ReadmeTest {
    @TempDir
    Path temp;

    @Test
    void everyCommandOfTheReadmeRuns() throws IOException {
        List<String> commands = commands();
        assertThat(commands).hasSizeGreaterThanOrEqualTo(6);
        Path maps = temp.resolve("maps");
        assertThat(CommandRun.of("data", "generate", "--out", maps.toString(), "--maps", "3")
                        .status())
                .isZero();
        int runs = 0;
        for (String command : commands) {
            List<String> arguments = new ArrayList<>(Arrays.asList(command.replace("DIR", maps.toString())
                    .replace("MODEL", "embedded")
                    .split(" +")));
            if (arguments.getFirst().equals("train")) {
                if (!arguments.contains("--steps")) {
                    arguments.addAll(List.of("--steps", "3"));
                }
                arguments.addAll(List.of(
                        "--set",
                        "eval.questions=12",
                        "--run-dir",
                        temp.resolve("run-" + runs++).toString()));
            }
            if (arguments.getFirst().equals("reward-service")) {
                arguments.addAll(List.of("--check", "--port", "0"));
            }
            CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
            assertThat(run.status()).as("%s: %s", command, run.err()).isZero();
        }
        assertThat(runs).isEqualTo(4);
    }

    @Test
    void everyPathOfTheReadmeExists() throws IOException {
        Matcher link = Pattern.compile("]\\((?!http)([^)]+)\\)").matcher(readme());
        int found = 0;
        while (link.find()) {
            assertThat(root().resolve(link.group(1))).exists();
            found++;
        }
        assertThat(found).isGreaterThan(4);
    }

    /// What stands behind `./railhead` in the fenced blocks, without comments.
    private static List<String> commands() throws IOException {
        return readme().lines()
                .filter(line -> line.startsWith("./railhead "))
                .map(line -> line.substring("./railhead ".length()).replaceFirst(" *#.*", ""))
                .toList();
    }

    private static String readme() throws IOException {
        return Files.readString(root().resolve("README.md"));
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("app") ? here.resolveSibling("") : here;
    }
}
