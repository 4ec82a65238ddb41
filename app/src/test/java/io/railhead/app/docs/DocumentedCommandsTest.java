package io.railhead.app.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.railhead.app.command.RailheadCommand;
import io.railhead.app.command.Terminal;
import io.railhead.app.reference.SettingsReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Every call of `railhead` that a document shows is one that the command line takes, with settings that exist; also
/// those that need a GPU.
class DocumentedCommandsTest {
    private static final Set<String> SETTINGS = Set.of("--set", "--with");
    private static final SettingsReference REFERENCE = SettingsReference.ofModules();

    private static List<DocumentedCommand> commands() throws IOException {
        List<DocumentedCommand> commands = new ArrayList<>();
        for (Path document : DocumentedCommand.documents()) {
            commands.addAll(DocumentedCommand.in(document));
        }
        commands.removeIf(command -> command.words().getFirst().equals("bench")); // a module of its own
        return commands;
    }

    @Test
    void everyCommandIsOneThatIsTaken() throws IOException {
        assertThat(commands()).hasSizeGreaterThan(50).allSatisfy(command -> {
            String[] words = command.words().stream()
                    .map(word -> word.equals("STEP") || word.equals("N") ? "1" : word)
                    .toArray(String[]::new);
            assertThatCode(() -> RailheadCommand.commandLine(Terminal.system()).parseArgs(words))
                    .as(command.toString())
                    .doesNotThrowAnyException();
        });
    }

    @Test
    void everySettingInACommandExists() throws IOException {
        assertThat(commands()).allSatisfy(command -> {
            List<String> words = command.words();
            for (int i = 0; i + 1 < words.size(); i++) {
                if (SETTINGS.contains(words.get(i))) {
                    String key = words.get(i + 1).replaceFirst("=.*", "").replaceFirst("^railhead\\.", "");
                    assertThat(exists(key)).as(command + " sets " + key).isTrue();
                }
            }
        });
    }

    /// A setting, a part of one that holds a free object (`learner.objective-options.negative`), or `railhead`'s own.
    private static boolean exists(String key) {
        for (String part = key;
                !part.isEmpty();
                part = part.contains(".") ? part.substring(0, part.lastIndexOf('.')) : "") {
            boolean whole = part.equals(key);
            if (REFERENCE.find(part).stream()
                    .anyMatch(setting -> whole || setting.preset().equals("{}"))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void everyRelativeLinkLeadsToAFile() throws IOException {
        Pattern link = Pattern.compile("]\\((?!http|#|mailto:)([^)#\\s]+)(#[^)]*)?\\)");
        for (Path document : DocumentedCommand.documents()) {
            Matcher matcher = link.matcher(Files.readString(document));
            while (matcher.find()) {
                assertThat(document.resolveSibling(matcher.group(1)))
                        .as("in " + document)
                        .exists();
            }
        }
    }
}
