package io.railhead.actors.stage;

import io.railhead.actors.stage.StageSpec.Advance;
import java.util.ArrayList;
import java.util.List;

/// The curricula that have a name. Kinds are those of ReasonMap and ReasonMap-Plus.
public enum CurriculumPresets {
    /// The four blocks of RewardMap's released code: judging, then counting on the map and between stops, then the
    /// counting that is asked as a choice, then planning.
    REWARDMAP,
    /// The paper's coarse variant: everything but planning at once, then planning.
    COARSE,
    /// The paper's fine-grained variant: each type for itself, in the order of the released code.
    FINE,
    /// One stage of everything.
    FLAT,
    /// One stage of planning questions.
    PLANNING_ONLY;

    /// The stages of this preset for a run of `totalGroups`. `shares` are the parts of the run that all stages but
    /// the last get; later stages without a share get one pass.
    public List<StageSpec> stages(long totalGroups, List<Double> shares, double rehearsal, long seed) {
        return switch (this) {
            case REWARDMAP ->
                chained(
                        List.of("judging", "counting", "choosing", "planning"),
                        List.of(
                                List.of("TorF1", "TorF2"),
                                List.of("Counting2", "Counting3"),
                                List.of("Counting1"),
                                List.of("planning")),
                        totalGroups,
                        shares,
                        rehearsal,
                        seed);
            case COARSE ->
                chained(
                        List.of("understanding", "planning"),
                        List.of(List.of("TorF1", "TorF2", "Counting2", "Counting3", "Counting1"), List.of("planning")),
                        totalGroups,
                        shares,
                        rehearsal,
                        seed);
            case FINE -> {
                List<String> kinds = List.of("TorF1", "TorF2", "Counting3", "Counting2", "Counting1", "planning");
                yield chained(kinds, kinds.stream().map(List::of).toList(), totalGroups, shares, rehearsal, seed);
            }
            case FLAT -> List.of(new StageSpec("flat", List.of(), List.of(), seed, 0, new Advance.Unbounded()));
            case PLANNING_ONLY ->
                List.of(new StageSpec("planning", List.of("planning"), List.of(), seed, 0, new Advance.Unbounded()));
        };
    }

    private static List<StageSpec> chained(
            List<String> names,
            List<List<String>> kinds,
            long totalGroups,
            List<Double> shares,
            double rehearsal,
            long seed) {
        List<StageSpec> stages = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            boolean last = i == names.size() - 1;
            Advance advance = last
                    ? new Advance.Unbounded()
                    : i < shares.size()
                            ? new Advance.Budget(Math.max(1, Math.round(shares.get(i) * totalGroups)))
                            : new Advance.OnePass();
            stages.add(new StageSpec(
                    names.get(i), kinds.get(i), List.of(), Mix.of(seed, i), i == 0 ? 0 : rehearsal, advance));
        }
        return List.copyOf(stages);
    }
}
