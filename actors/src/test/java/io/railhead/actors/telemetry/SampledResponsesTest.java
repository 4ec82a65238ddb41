package io.railhead.actors.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SampledResponsesTest {
    private final SampledResponses sampled = new SampledResponses();

    @Test
    void aStepGetsTheMeansOfAllThatWasSampledSinceTheOneBefore() {
        Facts.trajectories(3, new byte[] {1}).forEach(recorded -> sampled.complete(recorded.fact()));
        RunFact wrong = wrong(Facts.trajectories(1, new byte[] {1}).getFirst().fact());
        assertThat(sampled.complete(wrong)).isSameAs(wrong);
        assertThat(added(sampled.complete(Facts.step(1))))
                .isEqualTo(Map.of(
                        "sampled/responses", 4.0,
                        "sampled/reward", 0.75,
                        "sampled/correct", 0.75,
                        "sampled/correct/map", 0.75));
    }

    @Test
    void aStepWithoutNewResponsesIsLeftAsItIs() {
        Facts.trajectories(2, new byte[] {1}).forEach(recorded -> sampled.complete(recorded.fact()));
        sampled.complete(Facts.step(1));
        assertThat(sampled.complete(Facts.step(2))).isEqualTo(Facts.step(2));
    }

    private static RunFact wrong(RunFact fact) {
        if (!(fact instanceof RunFact.TrajectoryTaken taken)) {
            throw new AssertionError(fact);
        }
        return new RunFact.TrajectoryTaken(
                new ScoredRollout(taken.trajectory().rollout(), new Score(0, false, 1, List.of())));
    }

    private static Map<String, Double> added(RunFact fact) {
        if (!(fact instanceof RunFact.StepFinished step)) {
            throw new AssertionError(fact);
        }
        Map<String, Double> metrics = new TreeMap<>(step.metrics());
        metrics.keySet().removeAll(Facts.step(1).metrics().keySet());
        return metrics;
    }
}
