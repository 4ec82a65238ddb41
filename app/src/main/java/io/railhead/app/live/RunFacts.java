package io.railhead.app.live;

import com.typesafe.config.ConfigException;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.actors.stage.StageSettings;
import io.railhead.actors.stage.StageSpec;
import io.railhead.actors.stage.StageSpec.Advance;
import io.railhead.app.run.RunDirectory;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// What of a run does not change while it runs.
///
/// @param run the name of its directory
/// @param siblings runs that it can be compared with
/// @param steps that it is to make
record RunFacts(String run, List<String> siblings, long steps, List<Stage> stages) {
    /// @param ends when the next one begins, for people
    /// @param threshold mean share of correct responses that ends it; 0 if another rule does
    record Stage(String name, List<String> kinds, List<String> difficulties, String ends, double threshold) {}

    static RunFacts of(RunFiles files) throws IOException {
        try {
            StageSettings settings = StageSettings.from(RunDirectory.configOf(files.root()));
            return new RunFacts(
                    files.name(),
                    files.siblings(),
                    settings.steps(),
                    settings.curriculum().stream().map(RunFacts::stage).toList());
        } catch (ConfigException | ConfigurationException e) {
            return new RunFacts(files.name(), files.siblings(), 0, List.of()); // of another version of this program
        }
    }

    private static Stage stage(StageSpec spec) {
        return new Stage(
                spec.name(),
                spec.kinds(),
                spec.difficulties(),
                ends(spec.advance()),
                spec.advance() instanceof Advance.Mastery(double threshold, long _) ? threshold : 0);
    }

    private static String ends(Advance advance) {
        return switch (advance) {
            case Advance.Budget(long groups) -> "when %d groups were drawn".formatted(groups);
            case Advance.OnePass() -> "when each of its prompts was drawn once";
            case Advance.Mastery(double threshold, long groups) ->
                String.format(
                        Locale.ROOT,
                        "when %.3f of its responses are correct, and %d groups were drawn",
                        threshold,
                        groups);
            case Advance.Plateau(double delta, long patience) ->
                String.format(
                        Locale.ROOT,
                        "when the share of correct responses has not risen by %.3f for %d groups",
                        delta,
                        patience);
            case Advance.Unbounded() -> "with the run";
        };
    }
}
