package io.railhead.app.command;

import io.railhead.app.run.EvalSettings;
import io.railhead.app.run.Evaluation;
import io.railhead.app.run.Item;
import io.railhead.app.run.PolicySource;
import io.railhead.app.run.StopRequest;
import io.railhead.app.run.TaskSource;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.djl.EngineOptions;
import io.railhead.reward.RewardSettings;
import java.util.List;
import java.util.Optional;

/// The held-out questions that models are asked before and after training, the same ones each time.
final class HeldOut {
    private final Terminal terminal;
    private final TaskSource source;
    private final EvalSettings settings;
    private final RewardSettings reward;
    private final EngineOptions engine;
    private final StopRequest stop;

    /// Ends an evaluation in the middle.
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    HeldOut(
            Terminal terminal,
            TaskSource source,
            EvalSettings settings,
            RewardSettings reward,
            EngineOptions engine,
            StopRequest stop) {
        this.terminal = terminal;
        this.source = source;
        this.settings = settings;
        this.reward = reward;
        this.engine = engine;
        this.stop = stop;
    }

    /// The model's answers, or nothing if there is no question.
    ///
    /// @param title of the count on a screen
    /// @throws StoppedException if the user asked for an end meanwhile
    Optional<Evaluation> ask(PolicySource model, String title) {
        List<Item> items = Evaluation.choose(source.items(), settings.questions());
        if (items.isEmpty()) {
            return Optional.empty();
        }
        try (GenerationEngine opened = model.engine(engine);
                Countdown countdown = new Countdown(terminal, title, items.size())) {
            return Optional.of(Evaluation.of(opened, source, items, settings, reward, done -> {
                if (stop.isRequested()) {
                    throw new StoppedException();
                }
                countdown.accept(done);
            }));
        }
    }
}
