package io.railhead.transit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Draws questions about one network, as a function of a seed. The questions of one type do not depend on which other
/// types were drawn before.
///
/// No question comes twice, and a network that has too few of a kind gives fewer than asked for. Yes and no alternate,
/// so their numbers differ by one at most. Questions with one right answer only are preferred: one common line, one
/// best route.
public final class QuestionGenerator {
    private static final int TRIES = 200; // per question; the second half of them no longer insists on preferences
    private static final int[] TRANSFER_MIX = {0, 0, 0, 0, 1, 1, 1, 2}; // close to the 20 : 15 : 5 of ReasonMap

    private final TransitNetwork network;
    private final Difficulty mapDifficulty;
    private final String idPrefix;
    private final long seed;
    private final List<String> stations;
    private final List<String> lines;
    private final Map<String, List<String>> linesThrough = new HashMap<>();
    private final Map<String, SequencedMap<String, Integer>> transfersFrom = new HashMap<>();
    private final RoutePlanner planner;
    private final Map<String, LineShape> shapes;

    /// One question before it has an id.
    private record Draft(
            @Nullable String station1,
            @Nullable String station2,
            @Nullable String line,
            int answer,
            String text,
            List<Route> routes) {
        /// Two drafts with equal keys ask the same.
        String key(QuestionType type) {
            boolean swap = type != QuestionType.PLANNING
                    && station1 != null
                    && station2 != null
                    && station1.compareTo(station2) > 0;
            return (swap ? station2 + "\n" + station1 : station1 + "\n" + station2) + "\n" + line;
        }
    }

    /// One try; null when chance led nowhere.
    private interface Draw {
        @Nullable
        Draft tryOne(Random random, int ordinal, boolean insist);
    }

    /// @param idPrefix what the ids of the questions begin with
    public QuestionGenerator(TransitNetwork network, Difficulty mapDifficulty, String idPrefix, long seed) {
        this.network = network;
        this.mapDifficulty = mapDifficulty;
        this.idPrefix = idPrefix;
        this.seed = seed;
        this.stations = List.copyOf(network.stations());
        this.lines = List.copyOf(network.lines().keySet());
        network.lines()
                .forEach((line, served) -> new LinkedHashSet<>(served)
                        .forEach(station -> linesThrough
                                .computeIfAbsent(station, _ -> new ArrayList<>())
                                .add(line)));
        this.planner = new RoutePlanner(network);
        this.shapes = network.shapes();
    }

    public List<Question> questions(QuestionType type, int count) {
        Random random = Seeds.random(Seeds.derive(seed, type.wireName().hashCode()));
        boolean yesFirst = random.nextBoolean();
        Draw draw = switch (type) {
            case TORF1 -> (r, ordinal, _) -> sameLine(r, yesFirst == (ordinal % 2 == 0));
            case TORF2 -> (r, ordinal, _) -> onLine(r, yesFirst == (ordinal % 2 == 0));
            case COUNTING1 -> (r, _, insist) -> stopsBetween(r, insist);
            case COUNTING2 -> (r, ordinal, insist) -> linesThrough(r, insist && ordinal % 2 == 0);
            case COUNTING3 ->
                (_, _, _) -> new Draft(null, null, null, lines.size(), QuestionTexts.linesInTotal(), List.of());
            case PLANNING -> (r, _, insist) -> planning(r, TRANSFER_MIX[r.nextInt(TRANSFER_MIX.length)], insist);
        };
        return collect(type, type.wireName(), count, draw, random);
    }

    /// Planning questions whose best routes have exactly so many transfers.
    public List<Question> planningQuestions(int transfers, int count) {
        Random random = Seeds.random(Seeds.derive(seed, 1000 + transfers));
        String label = "planning-%d-transfers".formatted(transfers);
        return collect(QuestionType.PLANNING, label, count, (r, _, insist) -> planning(r, transfers, insist), random);
    }

    private List<Question> collect(QuestionType type, String label, int count, Draw draw, Random random) {
        var questions = new ArrayList<Question>();
        var asked = new HashSet<String>();
        for (int ordinal = 0; ordinal < count; ordinal++) {
            Draft draft = draftNotIn(asked, type, ordinal, draw, random);
            if (draft == null) {
                break; // going on would break the balance of yes and no
            }
            int transfers =
                    draft.routes().isEmpty() ? 0 : draft.routes().getFirst().transfers();
            questions.add(new Question(
                    "%s/%s-%d".formatted(idPrefix, label, ordinal),
                    type,
                    network.city(),
                    mapDifficulty,
                    draft.station1(),
                    draft.station2(),
                    draft.line(),
                    draft.answer(),
                    transfers,
                    draft.text(),
                    draft.routes()));
        }
        return List.copyOf(questions);
    }

    private static @Nullable Draft draftNotIn(
            Set<String> asked, QuestionType type, int ordinal, Draw draw, Random random) {
        for (int i = 0; i < TRIES; i++) {
            Draft draft = draw.tryOne(random, ordinal, i < TRIES / 2);
            if (draft != null && asked.add(draft.key(type))) {
                return draft;
            }
        }
        return null;
    }

    private @Nullable Draft sameLine(Random random, boolean yes) {
        String a = pick(random, stations);
        String b = pick(random, yes ? stationsOf(pick(random, through(a))) : stations);
        boolean same = !Collections.disjoint(through(a), through(b));
        return a.equals(b) || same != yes
                ? null
                : new Draft(a, b, null, yes ? 1 : 0, QuestionTexts.sameLine(a, b), List.of());
    }

    private @Nullable Draft onLine(Random random, boolean yes) {
        String station = pick(random, stations);
        String line = pick(random, yes ? through(station) : lines);
        return through(station).contains(line) != yes
                ? null
                : new Draft(station, null, line, yes ? 1 : 0, QuestionTexts.onLine(station, line), List.of());
    }

    /// Counts by the shorter way on the first common line of the file.
    private @Nullable Draft stopsBetween(Random random, boolean insist) {
        String a = pick(random, stations);
        String b = pick(random, stationsOf(pick(random, through(a))));
        var common = new ArrayList<>(through(a));
        common.retainAll(through(b));
        if (a.equals(b) || (common.size() > 1 && (insist || !agree(common, a, b)))) {
            return null;
        }
        LineShape line = shapeOf(common.getFirst());
        if (!line.isCertain(a, b)) {
            return null;
        }
        int between = line.stops(a, b).orElseThrow() - 1;
        var distractors = new ArrayList<>(IntStream.rangeClosed(0, Math.max(9, 2 * between - 4)) // one digit if it can
                .boxed()
                .toList());
        distractors.removeIf(number -> number == between);
        Collections.shuffle(distractors, random);
        var options = new ArrayList<>(distractors.subList(0, 3));
        int answer = random.nextInt(4);
        options.add(answer, between);
        return new Draft(a, b, null, answer, QuestionTexts.stopsBetween(a, b, options), List.of());
    }

    /// Stations of several lines are rare in real networks, so every second question insists on one.
    private @Nullable Draft linesThrough(Random random, boolean several) {
        String station = pick(random, stations);
        int count = through(station).size();
        return several && count == 1
                ? null
                : new Draft(station, null, null, count, QuestionTexts.linesThrough(station), List.of());
    }

    private @Nullable Draft planning(Random random, int transfers, boolean insist) {
        String from = pick(random, stations);
        var goals = transfersFrom.computeIfAbsent(from, planner::transfersFrom).entrySet().stream()
                .filter(goal -> goal.getValue() == transfers)
                .map(Map.Entry::getKey)
                .toList();
        if (goals.isEmpty()) {
            return null;
        }
        String to = pick(random, goals);
        List<Route> routes =
                planner.bestRoutes(from, to).stream().map(this::withStops).toList();
        return (insist && routes.size() > 1) || !routes.stream().allMatch(this::isCertain)
                ? null
                : new Draft(from, to, null, Question.NO_ANSWER_NUMBER, QuestionTexts.planning(from, to), routes);
    }

    /// Whether the stations are equally far apart on all these lines.
    private boolean agree(List<String> lines, String a, String b) {
        return lines.stream().map(line -> shapeOf(line).stops(a, b)).distinct().count() == 1;
    }

    private boolean isCertain(Route route) {
        return route.segments().stream()
                .allMatch(ride -> shapeOf(ride.line()).isCertain(ride.departure(), ride.arrival())
                        && shapeOf(ride.line()).hasOneWay(ride.departure(), ride.arrival()));
    }

    private Route withStops(Route route) {
        return new Route(route.segments().stream()
                .map(ride -> new RouteSegment(
                        ride.line(),
                        ride.departure(),
                        ride.arrival(),
                        ride.stops(),
                        shapeOf(ride.line()).between(ride.departure(), ride.arrival())))
                .toList());
    }

    private LineShape shapeOf(String line) {
        LineShape shape = shapes.get(line);
        if (shape == null) {
            throw new IllegalArgumentException("no line " + line);
        }
        return shape;
    }

    private List<String> through(String station) {
        return linesThrough.getOrDefault(station, List.of());
    }

    private List<String> stationsOf(String line) {
        return network.lines().getOrDefault(line, List.of());
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
