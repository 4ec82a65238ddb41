package io.railhead.actors.stage;

import io.railhead.actors.protocol.StageSnapshot.CurriculumPosition;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.actors.stage.StageSpec.Advance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Which prompt is asked next, and when the next stage begins. Immutable.
///
/// The stages that have prompts, in order, and the position in them. What is drawn is a function of the catalogue,
/// the seeds and the position: a resumed run draws what the unbroken one would have drawn. A transition does not
/// touch leases in flight, which remember the stage that they were drawn from.
public record Curriculum(List<Stage> stages, CurriculumPosition position, long seed, List<String> skipped) {
    /// How much a new group counts in the mean share of correct responses. The mean starts at 0.
    static final double MASTERY_STEP = 0.1;

    private static final int POOL_TRIES = 16; // then the last one is taken, whatever it weighs

    /// A stage with its prompts.
    public record Stage(StageSpec spec, PromptOrder prompts) {}

    /// A prompt for a lease. `stage` is an earlier one than the present if it is a rehearsal.
    public record Draw(Curriculum next, String stage, String promptId) {}

    public record Advanced(Curriculum next, String from, String to, String cause) {}

    public Curriculum {
        stages = List.copyOf(stages);
        skipped = List.copyOf(skipped);
        if (position.drawn().size() != stages.size() || position.stageIndex() >= stages.size()) {
            throw new ConfigurationException(
                    "the curriculum has %d stages with prompts (%s), but the position to resume from is stage %d of %d"
                            .formatted(
                                    stages.size(),
                                    String.join(
                                            ", ",
                                            stages.stream()
                                                    .map(stage -> stage.spec().name())
                                                    .toList()),
                                    position.stageIndex() + 1,
                                    position.drawn().size()));
        }
    }

    /// At the start of the first stage that has prompts. Stages without prompts are left out and named in `skipped`.
    ///
    /// @throws ConfigurationException if no stage has a prompt, or two stages have one name
    public static Curriculum of(List<StageSpec> specs, List<PromptRef> catalogue, long seed) {
        List<Stage> stages = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>();
        for (StageSpec spec : specs) {
            if (!names.add(spec.name())) {
                throw new ConfigurationException("two stages of the curriculum have the name " + spec.name());
            }
            List<String> ids =
                    catalogue.stream().filter(spec::selects).map(PromptRef::id).toList();
            if (ids.isEmpty()) {
                skipped.add("stage %s is skipped: the data has no prompt of %s".formatted(spec.name(), wanted(spec)));
            } else {
                stages.add(new Stage(spec, PromptOrder.of(ids, spec.shuffleSeed())));
            }
        }
        if (stages.isEmpty()) {
            TreeSet<String> kinds = new TreeSet<>();
            catalogue.forEach(prompt -> kinds.add(prompt.kind()));
            throw new ConfigurationException("no stage of the curriculum has a prompt: %s; the data has %s"
                    .formatted(
                            String.join("; ", skipped), kinds.isEmpty() ? "no prompt at all" : "the kinds " + kinds));
        }
        List<Long> none = Collections.nCopies(stages.size(), 0L);
        return new Curriculum(stages, new CurriculumPosition(0, none, 0, 0), seed, skipped);
    }

    /// The same curriculum at a position that it was in before.
    public Curriculum at(CurriculumPosition there) {
        return new Curriculum(stages, there, seed, skipped);
    }

    public String stage() {
        return present().spec().name();
    }

    /// The prompt of the lease with this ordinal.
    public Draw draw(long leaseOrdinal) {
        int index = stageOf(leaseOrdinal);
        List<Long> drawn = new ArrayList<>(position.drawn());
        String promptId = prompt(stages.get(index), drawn.get(index), leaseOrdinal);
        drawn.set(index, drawn.get(index) + 1);
        Curriculum next = at(new CurriculumPosition(
                position.stageIndex(),
                drawn,
                position.trainedInStage(),
                position.mastery(),
                position.bestMastery(),
                position.groupsSinceBest(),
                position.recentMeans()));
        return new Draw(next, stages.get(index).spec().name(), promptId);
    }

    /// A group of the named stage came back with this share of correct responses to the prompt.
    public Curriculum observed(String stage, String promptId, double correctShare) {
        Map<String, Double> means = recentMeans(stage, promptId, correctShare);
        if (!stage.equals(stage())) {
            return at(new CurriculumPosition(
                    position.stageIndex(),
                    position.drawn(),
                    position.trainedInStage(),
                    position.mastery(),
                    position.bestMastery(),
                    position.groupsSinceBest(),
                    means));
        }
        double mastery = position.mastery() + MASTERY_STEP * (correctShare - position.mastery());
        boolean better = mastery > position.bestMastery() + minDelta();
        return at(new CurriculumPosition(
                position.stageIndex(),
                position.drawn(),
                position.trainedInStage(),
                mastery,
                better ? mastery : position.bestMastery(),
                better ? 0 : position.groupsSinceBest() + 1,
                means));
    }

    /// Groups of the named stage were trained on.
    public Curriculum trained(String stage) {
        return stage.equals(stage())
                ? at(new CurriculumPosition(
                        position.stageIndex(),
                        position.drawn(),
                        position.trainedInStage() + 1,
                        position.mastery(),
                        position.bestMastery(),
                        position.groupsSinceBest(),
                        position.recentMeans()))
                : this;
    }

    /// In the stage's order; or with pools, any prompt, kept with the probability of its weight, a few tries long.
    private String prompt(Stage stage, long drawn, long leaseOrdinal) {
        Optional<DifficultyPools> pools = stage.spec().pools();
        if (pools.isEmpty()) {
            return stage.prompts().at(drawn);
        }
        String prompt = "";
        for (int i = 0; i < POOL_TRIES; i++) {
            prompt = stage.prompts()
                    .at(Long.remainderUnsigned(
                            Mix.of(seed, leaseOrdinal, 2L * i + 3),
                            stage.prompts().size()));
            double weight = pools.get().weight(position.recentMeans().get(prompt));
            if (Mix.unit(Mix.of(seed, leaseOrdinal, 2L * i + 4)) < weight) {
                break;
            }
        }
        return prompt;
    }

    private Map<String, Double> recentMeans(String stage, String promptId, double correctShare) {
        boolean weighed = stages.stream()
                .anyMatch(known -> known.spec().name().equals(stage)
                        && known.spec().pools().isPresent());
        if (!weighed) {
            return position.recentMeans();
        }
        Map<String, Double> means = new HashMap<>(position.recentMeans());
        means.merge(promptId, correctShare, (mean, share) -> mean + DifficultyPools.RECENT_STEP * (share - mean));
        return means;
    }

    private double minDelta() {
        return present().spec().advance() instanceof Advance.Plateau(double minDelta, long _) ? minDelta : 0;
    }

    /// The next stage, if the present one is over and not the last.
    public Optional<Advanced> advance() {
        if (position.stageIndex() == stages.size() - 1) {
            return Optional.empty();
        }
        return over().map(cause -> {
            Curriculum next = at(new CurriculumPosition(
                    position.stageIndex() + 1, position.drawn(), 0, 0, 0, 0, position.recentMeans()));
            return new Advanced(next, stage(), next.stage(), cause);
        });
    }

    private Optional<String> over() {
        long drawn = position.drawn().get(position.stageIndex());
        return switch (present().spec().advance()) {
            case Advance.Budget(long groups)
            when drawn >= groups -> Optional.of("its budget of %d groups is spent".formatted(groups));
            case Advance.OnePass()
            when drawn >= present().prompts().size() ->
                Optional.of("each of its %d prompts was drawn"
                        .formatted(present().prompts().size()));
            case Advance.Mastery(double threshold, long minGroups)
            when drawn >= minGroups && position.mastery() >= threshold ->
                Optional.of("%.3f of its responses are correct, %.3f were asked for"
                        .formatted(position.mastery(), threshold));
            case Advance.Plateau(double minDelta, long patience)
            when position.groupsSinceBest() >= patience ->
                Optional.of("%.3f of its responses are correct, and %d groups brought no rise of %.3f"
                        .formatted(position.mastery(), position.groupsSinceBest(), minDelta));
            case Advance.Budget _, Advance.OnePass _, Advance.Mastery _, Advance.Plateau _, Advance.Unbounded _ ->
                Optional.empty();
        };
    }

    private Stage present() {
        return stages.get(position.stageIndex());
    }

    private int stageOf(long leaseOrdinal) {
        int present = position.stageIndex();
        double share = present().spec().rehearsal();
        if (present == 0 || share == 0 || Mix.unit(Mix.of(seed, leaseOrdinal, 1)) >= share) {
            return present;
        }
        return (int) Long.remainderUnsigned(Mix.of(seed, leaseOrdinal, 2), present);
    }

    private static String wanted(StageSpec spec) {
        return (spec.kinds().isEmpty() ? "any kind" : "kind " + String.join(", ", spec.kinds()))
                + (spec.difficulties().isEmpty() ? "" : " and difficulty " + String.join(", ", spec.difficulties()));
    }
}
