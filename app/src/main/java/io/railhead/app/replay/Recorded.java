package io.railhead.app.replay;

import io.railhead.actors.protocol.Incarnation;
import io.railhead.learner.Group;
import io.railhead.policy.PolicyVersion;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What of a run's log a replay has to do or to check, in order.
public sealed interface Recorded {
    /// The life of the run that it is of.
    Incarnation life();

    PolicyVersion version();

    /// A train step: `version` was made of the version before by these groups, in this order.
    record Step(
            Incarnation life,
            PolicyVersion version,
            String stage,
            List<Group> groups,
            SortedMap<String, Double> metrics)
            implements Recorded {
        public Step {
            groups = List.copyOf(groups);
            metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
        }

        static Step of(
                Incarnation life,
                PolicyVersion version,
                String stage,
                List<Group> groups,
                Map<String, Double> metrics) {
            return new Step(life, version, stage, groups, new TreeMap<>(metrics));
        }

        /// Samples of all groups.
        public int samples() {
            return groups.stream().mapToInt(group -> group.samples().size()).sum();
        }

        /// The version that was trained.
        public PolicyVersion from() {
            return new PolicyVersion(version.number() - 1);
        }
    }

    /// The learner said what weights it has of a version.
    ///
    /// @param root names the contents, as in the manifest that workers get
    record Weights(Incarnation life, PolicyVersion version, String root) implements Recorded {}

    /// The weights of a version were made durable.
    record Commit(Incarnation life, PolicyVersion version) implements Recorded {}
}
