package io.railhead.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.stage.Watchdog;
import io.railhead.learner.trouble.TroubleKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AlertsDocumentTest {
    @Test
    void theTablesNameWhatTheCodeRaises() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path root = here.endsWith("app") ? here.resolveSibling("") : here;
        Set<String> documented = Pattern.compile("^\\| `([a-z-]+)` \\|", Pattern.MULTILINE)
                .matcher(Files.readString(root.resolve("docs/alerts.md")))
                .results()
                .map((MatchResult result) -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> raised = Stream.concat(
                        Arrays.stream(Watchdog.values()).map(Watchdog::label),
                        Arrays.stream(TroubleKind.values()).map(TroubleKind::label))
                .toList();
        assertThat(documented).containsExactlyInAnyOrderElementsOf(raised);
    }
}
