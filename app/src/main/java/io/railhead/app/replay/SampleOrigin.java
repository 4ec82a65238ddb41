package io.railhead.app.replay;

import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.app.replay.Observation.Pull;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SampledTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One sample of a train step: where it came from, and what it did.
///
/// @param staleness of its oldest token: versions between the one that sampled it and the one that was trained
/// @param advantage what its reward is above the others', by the rule of the run
/// @param kept tokens whose log-probability the loss pulls at
/// @param share of the sum of `|dLoss/dLogProb|` over all tokens of the step
public record SampleOrigin(
        long lease,
        int sample,
        int attempt,
        String prompt,
        String kind,
        String difficulty,
        String stage,
        String worker,
        int tokens,
        List<Span> versions,
        long staleness,
        String finish,
        double reward,
        boolean correct,
        double weight,
        List<Score.Component> components,
        double advantage,
        int kept,
        double share,
        String response) {
    public SampleOrigin {
        versions = List.copyOf(versions);
        components = List.copyOf(components);
    }

    /// Tokens `[first, last]` of one version, counted from 0.
    public record Span(long version, int first, int last) {}

    static SampleOrigin of(
            ScoredRollout trajectory, PolicyVersion from, double advantage, Pull pull, double strengthOfAll) {
        Rollout rollout = trajectory.rollout();
        Score score = trajectory.score();
        return new SampleOrigin(
                rollout.lease().ordinal(),
                rollout.sampleIndex(),
                rollout.attempt(),
                rollout.task().prompt().id(),
                rollout.task().kind(),
                rollout.task().difficulty(),
                rollout.stage(),
                rollout.workerId(),
                rollout.response().size(),
                spans(rollout.response()),
                from.stalenessOf(rollout.response().oldestVersion()),
                rollout.finishReason().name().toLowerCase(Locale.ROOT),
                score.reward(),
                score.correct(),
                score.weight(),
                score.components(),
                advantage,
                pull.kept(),
                strengthOfAll == 0 ? 0 : pull.strength() / strengthOfAll,
                rollout.text());
    }

    static List<Span> spans(SampledTokens response) {
        List<Span> spans = new ArrayList<>();
        int first = 0;
        for (int t = 1; t <= response.size(); t++) {
            if (t == response.size() || !response.behaviourVersion(t).equals(response.behaviourVersion(first))) {
                spans.add(new Span(response.behaviourVersion(first).number(), first, t - 1));
                first = t;
            }
        }
        return spans;
    }
}
