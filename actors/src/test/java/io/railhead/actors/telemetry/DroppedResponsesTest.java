package io.railhead.actors.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.RunFact.LeaseEnded.Outcome;
import io.railhead.policy.PolicyVersion;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DroppedResponsesTest {
    private final DroppedResponses dropped = new DroppedResponses();

    @Test
    void aStepSaysWhatWasDroppedAndHowItDiffersFromWhatWasTrained() {
        List.of(
                        issued(1),
                        issued(2),
                        issued(3),
                        Facts.sample(1, 0, "p", "easy", 2, true),
                        Facts.sample(1, 1, "p", "easy", 4, false),
                        Facts.sample(2, 0, "q", "hard", 9, false),
                        ended(2, Outcome.STALE),
                        ended(3, Outcome.FAILED),
                        ended(1, Outcome.TRAINED))
                .forEach(fact -> assertThat(dropped.complete(fact)).isSameAs(fact));
        Map<String, Double> expected = new TreeMap<>();
        expected.put("dropped/trained-share", 1 / 3.0);
        expected.put("dropped/trained-responses", 2.0);
        expected.put("dropped/trained-mean-tokens", 3.0);
        expected.put("dropped/trained-correct-share", 0.5);
        expected.put("dropped/filtered-share", 0.0);
        expected.put("dropped/stale-share", 1 / 3.0);
        expected.put("dropped/stale-responses", 1.0);
        expected.put("dropped/stale-mean-tokens", 9.0);
        expected.put("dropped/stale-correct-share", 0.0);
        expected.put("dropped/failed-share", 1 / 3.0);
        expected.put("dropped/failed-responses", 0.0);
        expected.put("dropped/length-quarter-1", 0.0);
        expected.put("dropped/length-quarter-2", 0.0);
        expected.put("dropped/length-quarter-3", 1.0);
        expected.put("dropped/difficulty-easy", 0.0);
        expected.put("dropped/difficulty-hard", 1.0);
        expected.put("dropped/difficulty-unknown", 1.0);
        assertThat(added(dropped.complete(Facts.step(1)))).isEqualTo(expected);
    }

    @Test
    void whatEndedBeforeTheStepBeforeIsNotCountedAgain() {
        List.of(issued(1), ended(1, Outcome.FILTERED)).forEach(dropped::complete);
        assertThat(dropped.complete(Facts.step(1))).isNotEqualTo(Facts.step(1));
        assertThat(dropped.complete(Facts.step(2))).isEqualTo(Facts.step(2));
    }

    private static RunFact issued(long id) {
        return Facts.issued(id);
    }

    private static RunFact ended(long id, Outcome outcome) {
        return new RunFact.LeaseEnded(new LeaseId(id), outcome, new PolicyVersion(1), "");
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
