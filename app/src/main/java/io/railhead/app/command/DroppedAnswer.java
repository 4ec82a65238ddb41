package io.railhead.app.command;

import com.typesafe.config.Config;
import io.railhead.actors.stage.PromptRef;
import io.railhead.actors.stage.StageSettings;
import io.railhead.actors.telemetry.DroppedWork;
import io.railhead.actors.telemetry.EventLogReader;
import io.railhead.actors.telemetry.RecordedFact;
import io.railhead.app.events.DroppedAccount;
import io.railhead.app.events.DroppedText;
import io.railhead.app.run.DataSettings;
import io.railhead.app.run.TaskSource;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.data.Split;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `railhead events RUN_DIR --dropped`.
final class DroppedAnswer {
    private final Config resolved;
    private @Nullable Map<String, String> catalogue; // prompt id -> difficulty

    /// @param resolved configuration of the run
    DroppedAnswer(Config resolved) {
        this.resolved = resolved;
    }

    void print(EventLogReader log, boolean json, Terminal terminal) throws IOException {
        DroppedAccount account = new DroppedAccount();
        for (Optional<RecordedFact> fact = log.next(); fact.isPresent(); fact = log.next()) {
            account.add(fact.get().fact());
        }
        UnaryOperator<String> difficulty = this::difficulty;
        DroppedText text = new DroppedText(
                account.dropped(difficulty), StageSettings.from(resolved).groupSize(), account.leftOut());
        if (json) {
            terminal.out().println(Json.line(text.json()));
        } else {
            terminal.out().print(text.text());
        }
        terminal.out().flush();
    }

    /// The run's tasks are asked only for prompts that no response tells the difficulty of. They may be gone.
    private String difficulty(String prompt) {
        if (catalogue == null) {
            catalogue = catalogue(resolved);
        }
        return catalogue.getOrDefault(prompt, DroppedWork.UNKNOWN);
    }

    private static Map<String, String> catalogue(Config resolved) {
        try {
            return TaskSource.of(DataSettings.from(resolved), Split.TRAIN).catalogue().stream()
                    .collect(Collectors.toMap(PromptRef::id, PromptRef::difficulty, (a, _) -> a));
        } catch (InvalidDataException _) {
            return Map.of();
        }
    }
}
