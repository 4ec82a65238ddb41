package io.railhead.learner;

import io.railhead.learner.trouble.RewardDrift;
import io.railhead.learner.trouble.Trouble;
import io.railhead.learner.trouble.TroubleAction;
import io.railhead.learner.trouble.TroubleSettings;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;

/// What becomes of a train step's trouble: it is counted, logged, and saved with its samples. Not thread-safe.
final class TroubleDesk {
    private final TroubleSettings settings;
    private final TroubleFiles files;
    private final Logger log;
    private RewardDrift drift;
    private int inARow;

    TroubleDesk(TroubleSettings settings, Path run, Logger log) {
        this.settings = settings;
        this.files = new TroubleFiles(run, settings.keptFiles());
        this.log = log;
        this.drift = RewardDrift.over(settings.driftSteps());
    }

    /// @param result with what can be said of the step among those before it
    /// @param refusal why the run is to fail
    record Outcome(
            TrainStep.Result result, List<io.railhead.actors.protocol.Trouble> troubles, Optional<String> refusal) {
        Outcome {
            troubles = List.copyOf(troubles);
        }
    }

    Outcome after(TrainStep.Result made, PolicyVersion from, List<Group> batch) {
        Map<String, Double> metrics = new TreeMap<>(made.metrics());
        List<Trouble> found = new ArrayList<>(made.troubles());
        double mean = metrics.getOrDefault(LearnerMetrics.REWARD_MEAN, 0.0);
        Optional<Double> deviations = drift.deviations(mean);
        drift = drift.plus(mean);
        deviations.ifPresent(distance -> metrics.put(LearnerMetrics.REWARD_DRIFT, distance));
        BatchWatch.drift(batch, mean, deviations, settings).ifPresent(found::add);

        boolean left = found.stream().anyMatch(trouble -> trouble.action().compareTo(TroubleAction.SKIP) >= 0);
        inARow = left ? inARow + 1 : 0;
        Optional<String> refusal = found.stream()
                .filter(Trouble::stops)
                .findFirst()
                .map(trouble -> "the step to %s: %s".formatted(from.next(), trouble));
        if (refusal.isEmpty() && inARow >= settings.mostInARow()) {
            refusal = Optional.of("%d train steps in a row had trouble, the last one to %s: %s"
                    .formatted(inARow, from.next(), found.getLast()));
        }
        List<io.railhead.actors.protocol.Trouble> told =
                found.stream().map(trouble -> told(from.next(), batch, trouble)).toList();
        return new Outcome(
                new TrainStep.Result(made.version(), new TreeMap<>(metrics), made.trained(), found, made.shortage()),
                told,
                refusal);
    }

    private io.railhead.actors.protocol.Trouble told(PolicyVersion version, List<Group> batch, Trouble trouble) {
        String file = "";
        try {
            file = files.write(version, batch, trouble);
        } catch (IOException e) {
            log.warn(
                    "the samples of {} of {} cannot be saved: {}",
                    trouble.kind().label(),
                    version,
                    e.toString());
        }
        log.warn(
                "trouble in the step to {}: {}; action={} samples={}",
                version,
                trouble,
                trouble.action().label(),
                file);
        return new io.railhead.actors.protocol.Trouble(
                trouble.kind().label(), trouble.action().label(), trouble.cause(), file);
    }
}
