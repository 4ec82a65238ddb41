package io.railhead.app.run;

import com.typesafe.config.Config;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.learner.CheckpointException;
import io.railhead.learner.Checkpoints;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// A run of a few seconds: random weights, two groups of four a step, eight tokens a response, a reward that varies.
public record SmallRun(RunPlan plan, Path directory) {
    public static SmallRun of(Path model, Path directory, Map<String, Object> more) throws IOException {
        Map<String, Object> settings = new TreeMap<>(settings(model));
        settings.put("learner.optimizer.learning-rate", 1e-3);
        settings.putAll(more);
        Config config = new LayeredConfig(Optional.of("embedded"), Optional.empty(), List.of(), settings).resolve();
        return new SmallRun(RunPlan.of(config), directory);
    }

    public static Map<String, Object> settings(Path model) {
        return Map.of(
                "policy.model", model.toString(),
                "policy.slots", 16,
                "data.maps-per-difficulty", 1,
                "data.questions-per-type", 1,
                "stage.steps", 4,
                "stage.groups-per-step", 2,
                "stage.group-size", 4,
                "stage.sampling.max-tokens", 8,
                "stage.max-staleness", 0,
                "stage.checkpoint-every", 3);
    }

    /// How a run ended, and all that was recorded of it.
    public record Ended(RunEnded end, List<RunFact> facts) {
        public List<RunFact.StepFinished> steps() {
            return facts.stream()
                    .filter(RunFact.StepFinished.class::isInstance)
                    .map(RunFact.StepFinished.class::cast)
                    .toList();
        }
    }

    public Ended run() throws IOException, InterruptedException, CheckpointException {
        return run(new StopRequest(), _ -> {});
    }

    public Ended run(StopRequest stop, Consumer<RunFact> listener)
            throws IOException, InterruptedException, CheckpointException {
        List<RunFact> facts = new CopyOnWriteArrayList<>();
        Consumer<RunFact> both = listener.andThen(facts::add);
        Optional<Checkpoints.Checkpoint> from = Checkpoints.latest(directory).checkpoint();
        NodeParts parts = NodeParts.embedded(plan, directory, from, both).withReward(new LengthReward());
        return new Ended(EmbeddedRun.run(parts, stop, _ -> {}), List.copyOf(facts));
    }

    /// What identifies the weights of the newest checkpoint.
    public String weights() throws IOException, CheckpointException {
        Path model = Checkpoints.latest(directory)
                .checkpoint()
                .orElseThrow()
                .directory()
                .resolve("model");
        return new WeightsSnapshot(PolicyVersion.BASE, SafetensorsFile.readModel(model)).sha256();
    }
}
