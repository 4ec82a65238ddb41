package io.railhead.learner.trouble;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.settings.StrictConfig;
import io.railhead.learner.objective.SequenceTarget;
import io.railhead.learner.trouble.Trouble.Offender;
import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenScores;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepWatchTest {
    private static final LeaseId LEASE = new LeaseId(7);
    private static final TroubleSettings SETTINGS = StrictConfig.read(
            ConfigFactory.parseString("railhead.learner.trouble { largest-ratio = 2, exploding-ratio = skip }")
                    .withFallback(ConfigFactory.defaultReference()),
            "railhead.learner.trouble",
            TroubleSettings::from);

    private static SequenceTarget target(float... behaviour) {
        boolean[] mask = new boolean[behaviour.length];
        java.util.Arrays.fill(mask, true);
        return new SequenceTarget(
                1, null, behaviour, null, mask, new int[mask.length], new boolean[mask.length], Set.of());
    }

    private static List<Trouble> found(double loss, TokenScores... scores) {
        List<StepWatch.Sample> samples = IntStream.range(0, scores.length)
                .mapToObj(i -> new StepWatch.Sample(LEASE, i, i == 0 ? 1 : -1))
                .toList();
        StepWatch watch = new StepWatch(SETTINGS, 3, samples);
        List<SequenceTarget> targets =
                java.util.stream.Stream.of(scores).map(_ -> target(-1, -1)).toList();
        List<TokenScores> given = List.of(scores);
        watch.over(targets, s -> new TokenGradients(loss, List.of(), List.of())).gradients(given);
        return watch.troubles();
    }

    private static TokenScores scores(float first, float second) {
        return new TokenScores(new float[] {first, second}, new float[] {1, 1});
    }

    @Test
    void numbersInOrderAreNoTrouble() {
        assertThat(found(0.5, scores(-1, -0.5f), scores(-8, -1))).isEmpty();
    }

    @Test
    void aLossThatIsNotFiniteNamesItsMicrobatch() {
        assertThat(found(Double.NaN, scores(-1, -0.5f)))
                .containsExactly(new Trouble(
                        TroubleKind.NOT_FINITE_LOSS,
                        TroubleAction.SKIP,
                        3,
                        "the loss is NaN",
                        List.of(new Offender(LEASE, 0, "the loss of its microbatch is NaN", 1, List.of(-1f, -0.5f)))));
    }

    @Test
    void scoresThatAreNotFiniteNameTheirSample() {
        assertThat(found(0, scores(-1, -1), scores(Float.NEGATIVE_INFINITY, -1)))
                .containsExactly(new Trouble(
                        TroubleKind.NOT_FINITE_SCORES,
                        TroubleAction.WARN,
                        3,
                        "1 tokens of 1 samples have a log-probability or entropy that is not finite",
                        List.of(new Offender(
                                LEASE,
                                1,
                                "1 tokens have scores that are not finite",
                                -1,
                                List.of(Float.NEGATIVE_INFINITY, -1f)))));
    }

    @Test
    void aRatioAboveTheLimitNamesItsToken() {
        List<Trouble> troubles = found(0, scores(-1, -0.25f));
        assertThat(troubles)
                .containsExactly(new Trouble(
                        TroubleKind.EXPLODING_RATIO,
                        TroubleAction.SKIP,
                        3,
                        "1 tokens of 1 samples have an importance ratio above 2.0; the largest is 2.11700",
                        List.of(new Offender(LEASE, 0, "token 1 has the ratio 2.11700", 1, List.of(-1f, -0.25f)))));
        assertThat(Trouble.hardest(troubles)).isEqualTo(TroubleAction.SKIP);
    }
}
