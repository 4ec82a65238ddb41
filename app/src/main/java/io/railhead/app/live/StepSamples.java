package io.railhead.app.live;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.telemetry.EventLogReader;
import io.railhead.actors.telemetry.RecordedFact;
import io.railhead.learner.Group;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What a train step was made of, from the end of the event log, with nothing computed again.
///
/// Two passes: the first finds the step, the second its samples, of which at most `MOST_GROUPS` groups are held. Only
/// the last segments are read, so that an answer costs seconds whatever the run's age. A step that was undone by a
/// resume
/// and made again is the one that was made last; one that was undone is none.
///
/// @param leftOut groups of the step that are not held
record StepSamples(PolicyVersion version, String stage, List<Group> groups, int leftOut) {
    static final int MOST_GROUPS = 32;

    /// Segments that are read: of the default size, some hundred megabytes before they are compressed.
    static final int SEGMENTS = 3;

    StepSamples {
        groups = List.copyOf(groups);
    }

    /// @param wanted empty for the newest step
    /// @return empty if what is read has no such step
    static Optional<StepSamples> of(Path events, Optional<Long> wanted) throws IOException {
        Optional<RunFact.StepFinished> step = find(events, wanted);
        return step.isPresent() ? Optional.of(collect(events, step.get())) : Optional.empty();
    }

    private static Optional<RunFact.StepFinished> find(Path events, Optional<Long> wanted) throws IOException {
        Optional<RunFact.StepFinished> found = Optional.empty();
        try (EventLogReader log = EventLogReader.tail(events, SEGMENTS)) {
            for (Optional<RecordedFact> fact = log.next(); fact.isPresent(); fact = log.next()) {
                if (fact.get().fact() instanceof RunFact.StepFinished step
                        && wanted.map(number -> number == step.version().number())
                                .orElse(true)) {
                    found = Optional.of(step);
                } else if (fact.get().fact() instanceof RunFact.IncarnationBegan began) {
                    long kept = began.from().map(PolicyVersion::number).orElse(0L);
                    found = found.filter(step -> step.version().number() <= kept);
                }
            }
        }
        return found;
    }

    /// The last that was said of each sample, in the order of the step: leases of a life that was undone are named
    /// again.
    private static StepSamples collect(Path events, RunFact.StepFinished step) throws IOException {
        List<LeaseId> shown = step.trained().stream().limit(MOST_GROUPS).toList();
        Set<LeaseId> leases = Set.copyOf(shown);
        Map<LeaseId, NavigableMap<Integer, ScoredRollout>> samples = new HashMap<>();
        try (EventLogReader log = EventLogReader.tail(events, SEGMENTS)) {
            for (Optional<RecordedFact> fact = log.next(); fact.isPresent(); fact = log.next()) {
                if (fact.get().fact() instanceof RunFact.TrajectoryTaken(ScoredRollout trajectory)
                        && leases.contains(trajectory.rollout().lease())) {
                    samples.computeIfAbsent(trajectory.rollout().lease(), _ -> new TreeMap<>())
                            .put(trajectory.rollout().sampleIndex(), trajectory);
                }
            }
        }
        List<Group> groups = new ArrayList<>();
        for (LeaseId lease : shown) {
            NavigableMap<Integer, ScoredRollout> ofLease = samples.getOrDefault(lease, new TreeMap<>());
            if (!ofLease.isEmpty() && ofLease.lastKey() == ofLease.size() - 1) { // whole, as far as can be seen
                groups.add(new Group(lease, List.copyOf(ofLease.values())));
            }
        }
        return new StepSamples(
                step.version(), step.stage(), groups, step.trained().size() - groups.size());
    }
}
