package io.railhead.app.events;

import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.telemetry.DroppedWork;
import io.railhead.actors.telemetry.LeaseHistory;
import io.railhead.learner.LearnerMetrics;
import io.railhead.policy.PolicyVersion;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// What a run's facts, in their order, say of what was dropped: whole groups, and tokens of groups that were trained.
/// Grows with every fact; not thread-safe.
public final class DroppedAccount {
    private final LeaseHistory leases = new LeaseHistory();
    private final NavigableMap<PolicyVersion, Map<String, Double>> steps =
            new TreeMap<>(); // of the history that counts

    public void add(RunFact fact) {
        if (fact instanceof RunFact.StepFinished step) {
            steps.tailMap(step.version(), true).clear();
            steps.put(step.version(), leftOut(step.metrics()));
        } else if (fact instanceof RunFact.IncarnationBegan began) {
            steps.tailMap(began.from().orElse(PolicyVersion.BASE), false).clear();
        }
        leases.add(fact);
    }

    /// @param difficulty of a prompt of which no response came at all, by its id
    public DroppedWork dropped(UnaryOperator<String> difficulty) {
        Map<String, String> known = new HashMap<>();
        leases.ended()
                .forEach(end -> end.work()
                        .difficulty()
                        .ifPresent(name -> known.put(end.work().promptId(), name)));
        return DroppedWork.of(leases.ended(), prompt -> {
            String name = known.get(prompt);
            return name == null ? difficulty.apply(prompt) : name;
        });
    }

    /// Share of the tokens of trained groups that were left out of the loss, by the rule or the part of the batch:
    /// the mean over the steps that say it, by their tokens.
    public SortedMap<String, Double> leftOut() {
        SortedMap<String, Double> sums = new TreeMap<>();
        SortedMap<String, Double> tokens = new TreeMap<>();
        for (Map<String, Double> step : steps.values()) {
            double weight = step.getOrDefault(LearnerMetrics.BATCH_TOKENS, 0.0);
            step.forEach((name, share) -> {
                if (name.startsWith(LearnerMetrics.LEFT_OUT_PREFIX)) {
                    String what = name.substring(LearnerMetrics.LEFT_OUT_PREFIX.length());
                    sums.merge(what, share * weight, Double::sum);
                    tokens.merge(what, weight, Double::sum);
                }
            });
        }
        sums.replaceAll((what, sum) -> {
            double weight = tokens.getOrDefault(what, 0.0);
            return weight == 0 ? 0 : sum / weight;
        });
        return sums;
    }

    private static Map<String, Double> leftOut(Map<String, Double> metrics) {
        Map<String, Double> some = new TreeMap<>(metrics);
        some.keySet()
                .removeIf(name ->
                        !name.startsWith(LearnerMetrics.LEFT_OUT_PREFIX) && !name.equals(LearnerMetrics.BATCH_TOKENS));
        return some;
    }
}
