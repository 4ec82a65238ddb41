package io.railhead.app.replay;

import io.railhead.app.run.CheckpointExport;
import io.railhead.app.run.FileTree;
import io.railhead.learner.LearnerMetrics;
import io.railhead.learner.TrainStep;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A run's recorded samples trained with other settings of the learner.
///
/// The samples stay those of the recorded policy: from the first step on that makes other weights, training is
/// off-policy, further with every step. So this shows what an objective makes of given data, not what a run with it
/// would come to.
///
/// @param firstDifferent the first version whose weights are not the recorded ones, if any
public record Variation(List<Row> rows, Optional<PolicyVersion> firstDifferent) {
    public Variation {
        rows = List.copyOf(rows);
    }

    /// What is told of each step, as `LearnerMetrics` has it.
    static final List<String> METRICS = List.of(
            LearnerMetrics.LOSS,
            LearnerMetrics.EFFECTIVE_SAMPLES,
            LearnerMetrics.CLIP_FRACTION_HIGH,
            LearnerMetrics.CLIP_FRACTION_LOW,
            LearnerMetrics.KL_MISMATCH,
            LearnerMetrics.KL_REFERENCE,
            LearnerMetrics.GRADIENT_NORM);

    /// What a step measured, as recorded and with the other settings.
    public record Row(PolicyVersion version, SortedMap<String, Double> recorded, SortedMap<String, Double> replayed) {
        static Row of(PolicyVersion version, Map<String, Double> recorded, Map<String, Double> replayed) {
            return new Row(version, told(recorded), told(replayed));
        }

        private static SortedMap<String, Double> told(Map<String, Double> metrics) {
            SortedMap<String, Double> told = new TreeMap<>(metrics);
            told.keySet().retainAll(METRICS);
            return told;
        }
    }

    /// @param run with the other settings
    /// @param out a new or empty folder for the weights after the last step, in Hugging Face layout
    public static Variation of(RecordedRun run, Optional<Path> out, Consumer<Recorded.Step> progress)
            throws IOException, IncompleteLogException {
        out.ifPresent(CheckpointExport::requireVacant);
        List<Row> rows = new ArrayList<>();
        RootCheck roots = new RootCheck();
        try (Replica replica = Replica.open(run)) {
            run.each(recorded -> {
                switch (recorded) {
                    case Recorded.Step step -> {
                        TrainStep.Result result = replica.apply(step);
                        roots.replayed(step.version(), replica.root(step.version()));
                        rows.add(Row.of(step.version(), step.metrics(), result.metrics()));
                        progress.accept(step);
                    }
                    case Recorded.Weights weights -> {
                        if (replica.begins(weights.life())) {
                            roots.replayed(weights.version(), replica.root(weights.version()));
                        }
                        roots.recorded(weights.version(), weights.root());
                    }
                    case Recorded.Commit _ -> {}
                }
                return true;
            });
            if (out.isPresent()) {
                write(replica, out.get());
            }
        }
        return new Variation(rows, roots.firstDifferent());
    }

    private static void write(Replica replica, Path out) throws IOException {
        Path state = Files.createTempDirectory("railhead-replay-");
        try {
            replica.save(state);
            CheckpointExport.folder(state.resolve("model"), out);
        } finally {
            FileTree.delete(state);
        }
    }
}
