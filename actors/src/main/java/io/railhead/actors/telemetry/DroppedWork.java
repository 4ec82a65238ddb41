package io.railhead.actors.telemetry;

import io.railhead.actors.protocol.RunFact.LeaseEnded.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// What was dropped beside what was trained, by the rule that dropped it, the length of responses and the difficulty
/// of maps. Where the dropped are longer or harder, what was trained is biased towards the short and the easy.
///
/// A response that had not come when its lease ended has no length here, and those are mostly the long ones: the
/// lengths of what was dropped late are too short, the more so the fewer `responses` a lease has.
///
/// @param parts by how leases ended; only those that some lease ended as
/// @param quarters of the responses that came, the shortest first: their lengths decide; empty without responses
/// @param difficulties of the leases: how those of each difficulty ended
public record DroppedWork(
        Map<Outcome, Part> parts, List<Quarter> quarters, SortedMap<String, Map<Outcome, Long>> difficulties) {
    /// The difficulty of a lease of which, and of whose prompt, nothing is known.
    public static final String UNKNOWN = "unknown";

    private static final int QUARTERS = 4;

    /// The leases that ended in one way.
    ///
    /// @param responses that came of them
    /// @param tokens of these
    /// @param correct of these
    public record Part(long leases, long responses, long tokens, long correct) {
        static final Part NONE = new Part(0, 0, 0, 0);

        Part plus(Collection<LeaseHistory.Sample> samples) {
            return new Part(
                    leases + 1,
                    responses + samples.size(),
                    tokens
                            + samples.stream()
                                    .mapToLong(LeaseHistory.Sample::tokens)
                                    .sum(),
                    correct
                            + samples.stream()
                                    .filter(LeaseHistory.Sample::correct)
                                    .count());
        }
    }

    /// The responses that are longer than those of the quarter before and not longer than `longest`.
    ///
    /// @param responses by how their leases ended
    public record Quarter(int longest, Map<Outcome, Long> responses) {
        public Quarter {
            responses = Collections.unmodifiableMap(copy(responses));
        }
    }

    public DroppedWork {
        EnumMap<Outcome, Part> all = new EnumMap<>(Outcome.class);
        all.putAll(parts);
        parts = Collections.unmodifiableMap(all);
        quarters = List.copyOf(quarters);
        TreeMap<String, Map<Outcome, Long>> known = new TreeMap<>();
        difficulties.forEach((name, leases) -> known.put(name, Collections.unmodifiableMap(copy(leases))));
        difficulties = Collections.unmodifiableSortedMap(known);
    }

    /// @param difficulty of a prompt of which no response came, by its id
    public static DroppedWork of(Collection<LeaseHistory.Ended> ended, UnaryOperator<String> difficulty) {
        Map<Outcome, Part> parts = new EnumMap<>(Outcome.class);
        SortedMap<String, Map<Outcome, Long>> difficulties = new TreeMap<>();
        for (LeaseHistory.Ended end : ended) {
            Collection<LeaseHistory.Sample> samples = end.work().samples();
            parts.put(
                    end.outcome(), parts.getOrDefault(end.outcome(), Part.NONE).plus(samples));
            String name = end.work()
                    .difficulty()
                    .orElseGet(() -> difficulty.apply(end.work().promptId()));
            difficulties
                    .computeIfAbsent(name, _ -> new EnumMap<>(Outcome.class))
                    .merge(end.outcome(), 1L, Long::sum);
        }
        return new DroppedWork(parts, quarters(ended), difficulties);
    }

    private static List<Quarter> quarters(Collection<LeaseHistory.Ended> ended) {
        int[] lengths = ended.stream()
                .flatMap(end -> end.work().samples().stream())
                .mapToInt(LeaseHistory.Sample::tokens)
                .sorted()
                .toArray();
        int[] bounds = bounds(lengths);
        List<Map<Outcome, Long>> responses = new ArrayList<>();
        for (int i = 0; i < bounds.length; i++) {
            responses.add(new EnumMap<>(Outcome.class));
        }
        for (LeaseHistory.Ended end : ended) {
            end.work()
                    .samples()
                    .forEach(sample ->
                            responses.get(quarter(bounds, sample.tokens())).merge(end.outcome(), 1L, Long::sum));
        }
        List<Quarter> quarters = new ArrayList<>();
        for (int i = 0; i < bounds.length; i++) {
            quarters.add(new Quarter(bounds[i], responses.get(i)));
        }
        return quarters;
    }

    /// The longest of each quarter of these; equal lengths are in the first quarter that takes them.
    ///
    /// @param sorted rising
    public static int[] bounds(int[] sorted) {
        int[] bounds = new int[sorted.length == 0 ? 0 : QUARTERS];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = sorted[(int) (((long) sorted.length * (i + 1) + QUARTERS - 1) / QUARTERS) - 1];
        }
        return bounds;
    }

    /// The first of the quarters with these bounds that a length fits in.
    public static int quarter(int[] bounds, int length) {
        int quarter = 0;
        while (bounds[quarter] < length) {
            quarter++;
        }
        return quarter;
    }

    public long leases() {
        return parts.values().stream().mapToLong(Part::leases).sum();
    }

    /// Share of these that ended otherwise than trained; 0 of none.
    public static double droppedShare(Map<Outcome, Long> counts) {
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        return all == 0 ? 0 : 1 - (double) counts.getOrDefault(Outcome.TRAINED, 0L) / all;
    }

    /// As metrics of a train step: `docs/algorithms.md` says what they are. None where no lease ended.
    SortedMap<String, Double> metrics() {
        SortedMap<String, Double> metrics = new TreeMap<>();
        if (parts.isEmpty()) {
            return metrics;
        }
        for (Outcome outcome : Outcome.values()) {
            String name = "dropped/" + outcome.name().toLowerCase(Locale.ROOT);
            Part part = parts.getOrDefault(outcome, Part.NONE);
            metrics.put(name + "-share", (double) part.leases() / leases());
            if (part.leases() > 0) {
                metrics.put(name + "-responses", (double) part.responses() / part.leases());
            }
            if (part.responses() > 0) {
                metrics.put(name + "-mean-tokens", (double) part.tokens() / part.responses());
                metrics.put(name + "-correct-share", (double) part.correct() / part.responses());
            }
        }
        for (int i = 0; i < quarters.size(); i++) {
            if (!quarters.get(i).responses().isEmpty()) {
                metrics.put(
                        "dropped/length-quarter-" + (i + 1),
                        droppedShare(quarters.get(i).responses()));
            }
        }
        difficulties.forEach((name, leases) -> metrics.put("dropped/difficulty-" + name, droppedShare(leases)));
        return metrics;
    }

    private static EnumMap<Outcome, Long> copy(Map<Outcome, Long> counts) {
        EnumMap<Outcome, Long> copy = new EnumMap<>(Outcome.class);
        copy.putAll(counts);
        return copy;
    }
}
