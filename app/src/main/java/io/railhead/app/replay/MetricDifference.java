package io.railhead.app.replay;

import io.railhead.policy.PolicyVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A metric of a train step that came out otherwise. A value is null where there is none.
public record MetricDifference(
        PolicyVersion version,
        String name,
        @Nullable Double recorded,
        @Nullable Double replayed) {
    /// Every metric that is a function of policy, batch and settings, so all that a train step measures but its
    /// time. What others add to a step (`curriculum/`, `sampled/`, `dropped/`, `closed-loop/`) is not
    /// compared.
    static List<MetricDifference> of(
            PolicyVersion version, Map<String, Double> recorded, Map<String, Double> replayed) {
        Set<String> areas =
                replayed.keySet().stream().map(MetricDifference::area).collect(Collectors.toSet());
        Set<String> names = new TreeSet<>(replayed.keySet());
        recorded.keySet().stream().filter(name -> areas.contains(area(name))).forEach(names::add);
        names.removeIf(name -> area(name).equals("time"));
        List<MetricDifference> differences = new ArrayList<>();
        for (String name : names) {
            Double before = recorded.get(name);
            Double now = replayed.get(name);
            if (before == null || !before.equals(now)) {
                differences.add(new MetricDifference(version, name, before, now));
            }
        }
        return differences;
    }

    private static String area(String name) {
        return name.substring(0, Math.max(0, name.indexOf('/')));
    }
}
