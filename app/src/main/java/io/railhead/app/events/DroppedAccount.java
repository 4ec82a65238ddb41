package io.railhead.app.events;

import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.telemetry.DroppedWork;
import io.railhead.actors.telemetry.LeaseHistory;
import io.railhead.learner.LearnerMetrics;
import io.railhead.policy.PolicyVersion;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.pcollections.TreePMap;

/// What a run's facts, in their order, say of what was dropped: whole groups, and tokens of groups that were trained.
/// Immutable.
///
/// @param steps measurements by version, of the history that counts
public record DroppedAccount(LeaseHistory leases, TreePMap<PolicyVersion, Map<String, Double>> steps) {
    public static final DroppedAccount EMPTY = new DroppedAccount(LeaseHistory.EMPTY, TreePMap.empty());

    public DroppedAccount after(RunFact fact) {
        TreePMap<PolicyVersion, Map<String, Double>> next = steps;
        if (fact instanceof RunFact.StepFinished step) {
            next = until(step.version()).plus(step.version(), leftOut(step.metrics()));
        } else if (fact instanceof RunFact.IncarnationBegan began) {
            next = until(began.from().orElse(PolicyVersion.BASE).next());
        }
        return new DroppedAccount(leases.after(fact), next);
    }

    /// @param difficulty of a prompt of which no response came at all, by its id
    public DroppedWork dropped(UnaryOperator<String> difficulty) {
        Map<String, String> known = new HashMap<>();
        leases.ended()
                .values()
                .forEach(end -> end.work()
                        .difficulty()
                        .ifPresent(name -> known.put(end.work().promptId(), name)));
        return DroppedWork.of(leases.ended().values(), prompt -> {
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

    /// The steps before this version.
    private TreePMap<PolicyVersion, Map<String, Double>> until(PolicyVersion version) {
        TreePMap<PolicyVersion, Map<String, Double>> kept = steps;
        while (!kept.isEmpty() && kept.lastKey().compareTo(version) >= 0) {
            kept = kept.minus(kept.lastKey());
        }
        return kept;
    }

    private static Map<String, Double> leftOut(Map<String, Double> metrics) {
        Map<String, Double> some = new TreeMap<>(metrics);
        some.keySet()
                .removeIf(name ->
                        !name.startsWith(LearnerMetrics.LEFT_OUT_PREFIX) && !name.equals(LearnerMetrics.BATCH_TOKENS));
        return some;
    }
}
