package io.railhead.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.app.CommandRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ExamplesTest {
    private static List<CommandLine> commands() {
        List<CommandLine> leaves = new ArrayList<>();
        collect(RailheadCommand.commandLine(Terminal.system()), leaves);
        return leaves;
    }

    private static void collect(CommandLine command, List<CommandLine> leaves) {
        if (command.getSubcommands().isEmpty()) {
            leaves.add(command);
        }
        command.getSubcommands().values().forEach(each -> collect(each, leaves));
    }

    @Test
    void everyCommandsHelpEndsWithExamplesThatItTakes() {
        assertThat(commands()).hasSizeGreaterThan(20).allSatisfy(command -> {
            String name = command.getCommandSpec().qualifiedName(" ");
            List<String> examples = Examples.of(command.getCommandSpec());
            assertThat(examples).as(name).isNotEmpty();
            for (String example : examples) {
                List<String> given = words(example);
                CommandLine.ParseResult parsed =
                        RailheadCommand.commandLine(Terminal.system()).parseArgs(given.toArray(String[]::new));
                List<CommandLine> called = parsed.asCommandLineList();
                assertThat(called.getLast().getCommandSpec().qualifiedName(" "))
                        .as(example)
                        .isEqualTo(name);
                assertThat(unwrapped(command.getUsageMessage())).contains(unwrapped("railhead " + example));
            }
        });
    }

    @Test
    void aWrongCommandIsAnsweredWithTheNearestOne() {
        CommandRun run = CommandRun.of("trian");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("did you mean").contains("train");
    }

    private static String unwrapped(String text) {
        return text.replaceAll("\\s", "");
    }

    /// As a shell splits these: words between single quotes are one.
    private static List<String> words(String example) {
        List<String> words = new ArrayList<>();
        String[] parts = example.split("'", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i % 2 == 1) {
                words.add(parts[i]);
            } else {
                words.addAll(Arrays.stream(parts[i].strip().split(" +"))
                        .filter(word -> !word.isEmpty())
                        .toList());
            }
        }
        return words;
    }
}
