package io.railhead.actors.stage;

import java.util.List;
import java.util.Optional;

/// One stage of a curriculum as data. With `pools`, its prompts are drawn by weight and not in their order.
///
///  Empty `kinds` or `difficulties` select all. `rehearsal` is the share of draws
/// that
/// go to earlier stages while this one lasts. The advance rule of the last stage has no effect.
public record StageSpec(
        String name,
        List<String> kinds,
        List<String> difficulties,
        long shuffleSeed,
        double rehearsal,
        Advance advance,
        Optional<DifficultyPools> pools) {

    /// A stage that draws its prompts in their shuffled order.
    public StageSpec(
            String name,
            List<String> kinds,
            List<String> difficulties,
            long shuffleSeed,
            double rehearsal,
            Advance advance) {
        this(name, kinds, difficulties, shuffleSeed, rehearsal, advance, Optional.empty());
    }

    public StageSpec withPools(Optional<DifficultyPools> wanted) {
        return new StageSpec(name, kinds, difficulties, shuffleSeed, rehearsal, advance, wanted);
    }

    /// When a stage is over.
    public sealed interface Advance {
        /// When so many groups were drawn from it.
        record Budget(long groups) implements Advance {
            public Budget {
                if (groups < 1) {
                    throw new IllegalArgumentException("a stage's budget is at least one group: " + groups);
                }
            }
        }

        /// When each of its prompts was drawn once.
        record OnePass() implements Advance {}

        /// When the mean share of correct responses reaches `threshold` and at least `minGroups` groups were drawn.
        record Mastery(double threshold, long minGroups) implements Advance {
            public Mastery {
                if (!(threshold > 0 && threshold <= 1)) {
                    throw new IllegalArgumentException("a mastery threshold is in (0, 1]: " + threshold);
                }
            }
        }

        /// When the mean share of correct responses has not risen by `minDelta` for `patience` groups.
        record Plateau(double minDelta, long patience) implements Advance {
            public Plateau {
                if (!(minDelta >= 0) || patience < 1) {
                    throw new IllegalArgumentException(
                            "a plateau of less than %s for %d groups".formatted(minDelta, patience));
                }
            }
        }

        /// Never.
        record Unbounded() implements Advance {}
    }

    public StageSpec {
        kinds = List.copyOf(kinds);
        difficulties = List.copyOf(difficulties);
        if (name.isBlank()) {
            throw new IllegalArgumentException("a stage has a name");
        }
        if (!(rehearsal >= 0 && rehearsal < 1)) {
            throw new IllegalArgumentException("stage " + name + " has a rehearsal share outside [0, 1): " + rehearsal);
        }
    }

    public boolean selects(PromptRef prompt) {
        return (kinds.isEmpty() || kinds.contains(prompt.kind()))
                && (difficulties.isEmpty() || difficulties.contains(prompt.difficulty()));
    }
}
