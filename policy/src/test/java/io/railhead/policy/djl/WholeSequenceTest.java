package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.policy.Golden;
import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WholeSequenceTest {
    @Test
    void logProbsOfAllTokensPlaceholdersIncludedAreThoseOfTransformers() throws IOException {
        try (var policy = DjlTrainablePolicy.open(Golden.path("model"), TrainingOptions.DEFAULT)) {
            for (Golden.Case expected : Golden.cases()) {
                float[] logProbs =
                        policy.logProbs(expected.inputIds(), expected.prompt().images());
                double[] widened = IntStream.range(0, logProbs.length)
                        .mapToDouble(i -> logProbs[i])
                        .toArray();
                assertThat(widened).as(expected.name()).containsExactly(expected.logProbs(), within(1e-4));
            }
        }
    }
}
