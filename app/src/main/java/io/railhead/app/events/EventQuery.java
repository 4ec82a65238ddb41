package io.railhead.app.events;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.telemetry.EventLogReader;
import io.railhead.actors.telemetry.RecordedFact;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Which facts of a log are wanted: those that all of the filters let through; an empty filter lets everything through.
///
/// - `step`: what made that version: the step, its trouble, and all of its leases from their issue to their end
/// - `version`: facts at that version, samples by that of their oldest token
/// - `prompt`, `worker`, `lease`, `kind`: facts about them. Ends of leases are about the prompt that was asked, where
///   the log shows its issue.
///
/// The log may be written meanwhile: what was in it when reading came to its end is read.
public record EventQuery(
        Set<Long> steps,
        Set<Long> versions,
        Set<Long> leases,
        Set<String> prompts,
        Set<String> workers,
        Set<String> kinds) {
    public EventQuery {
        steps = Set.copyOf(steps);
        versions = Set.copyOf(versions);
        leases = Set.copyOf(leases);
        prompts = Set.copyOf(prompts);
        workers = Set.copyOf(workers);
        kinds = Set.copyOf(kinds);
        for (String kind : kinds) {
            if (!FactView.KINDS.contains(kind)) {
                throw new IllegalArgumentException(
                        "no kind of fact: %s; there are %s".formatted(kind, String.join(", ", FactView.KINDS)));
            }
        }
    }

    /// Hands over a line for each wanted fact, in the log's order.
    ///
    /// @param json one object a line, instead of milliseconds and a sentence
    public void run(Path events, boolean json, Consumer<String> lines) throws IOException {
        Consumer<RecordedFact> printer = printer(leasesOfSteps(events), json, lines);
        try (EventLogReader log = EventLogReader.open(events)) {
            for (Optional<RecordedFact> next = log.next(); next.isPresent(); next = log.next()) {
                printer.accept(next.get());
            }
        }
    }

    /// What hands over a line for each wanted fact that it is given, of a log from its start.
    ///
    /// @throws IllegalArgumentException if a step is asked for: its leases are known only at its end
    public Consumer<RecordedFact> following(boolean json, Consumer<String> lines) {
        if (!steps.isEmpty()) {
            throw new IllegalArgumentException(
                    "--step cannot be followed: which leases are a step's is known at its end");
        }
        return printer(Set.of(), json, lines);
    }

    private Consumer<RecordedFact> printer(Set<Long> ofSteps, boolean json, Consumer<String> lines) {
        Map<LeaseId, String> asked = new HashMap<>(); // of open leases
        return recorded -> {
            FactView view = FactView.of(recorded.fact());
            if (recorded.fact() instanceof RunFact.LeaseIssued issued && !prompts.isEmpty()) {
                asked.put(issued.lease(), issued.promptId());
            }
            if (wants(view, ofSteps, asked)) {
                long millis = recorded.at().toEpochMilli();
                lines.accept(json ? view.json(millis) : millis + " " + view.sentence());
            }
            if (recorded.fact() instanceof RunFact.LeaseEnded ended) {
                asked.remove(ended.lease());
            }
        };
    }

    private boolean wants(FactView view, Set<Long> ofSteps, Map<LeaseId, String> asked) {
        Optional<Long> version = view.version().map(PolicyVersion::number);
        boolean ofStep = steps.isEmpty()
                || (List.of("step", "trouble", "weights").contains(view.kind())
                        && version.filter(steps::contains).isPresent())
                || (List.of("issued", "sample", "ended").contains(view.kind()) && touches(view, ofSteps));
        Optional<String> prompt = view.prompt()
                .or(() -> view.leases().size() == 1
                        ? Optional.ofNullable(asked.get(view.leases().getFirst()))
                        : Optional.empty());
        return ofStep
                && allows(versions, version)
                && (leases.isEmpty() || touches(view, leases))
                && allows(prompts, prompt)
                && allows(workers, view.worker())
                && allows(kinds, Optional.of(view.kind()));
    }

    private static <T> boolean allows(Set<T> wanted, Optional<T> is) {
        return wanted.isEmpty() || is.filter(wanted::contains).isPresent();
    }

    private static boolean touches(FactView view, Collection<Long> wanted) {
        return view.leases().stream().anyMatch(lease -> wanted.contains(lease.ordinal()));
    }

    private Set<Long> leasesOfSteps(Path events) throws IOException {
        Set<Long> found = new TreeSet<>();
        if (steps.isEmpty()) {
            return found;
        }
        try (EventLogReader log = EventLogReader.open(events)) {
            for (Optional<RecordedFact> next = log.next(); next.isPresent(); next = log.next()) {
                if (next.get().fact() instanceof RunFact.StepFinished step
                        && steps.contains(step.version().number())) {
                    step.trained().forEach(lease -> found.add(lease.ordinal()));
                } else if (next.get().fact() instanceof RunFact.TroubleFound trouble
                        && steps.contains(trouble.version().number())) {
                    trouble.batch().forEach(lease -> found.add(lease.ordinal()));
                }
            }
        }
        return found;
    }
}
