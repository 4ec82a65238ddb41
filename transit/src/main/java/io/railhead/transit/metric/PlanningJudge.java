package io.railhead.transit.metric;

import io.railhead.transit.PlanningForm;
import io.railhead.transit.Question;
import io.railhead.transit.Route;
import io.railhead.transit.RouteSegment;
import io.railhead.transit.answer.AnswerChecker;
import io.railhead.transit.answer.AnswerKey;
import io.railhead.transit.data.TaskItem;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/// Judges answers to planning questions: right or wrong, and the map score, which gives points for each part that
/// agrees with the best of the reference routes.
///
/// 1 for the two ends, without which there is nothing more; for each ride 2 for its line, 1 for each of its stops;
/// for via stops up to 10. The sum is capped at 10 (long: 20), and a right answer gets as much again. By rides: the
/// number of via stops earns 4 less what the error is of the larger number. By names: half the points for stops
/// that are on the reference route, half for intersection over union.
///
/// What [EvaluationMode#REFERENCE] does otherwise: outside China the line of an answer is compared with a rewriting
/// of itself and so never right; the arrival of a short answer outside and inside China is compared with the
/// reference's departure if that has its suffix; via stops are read only where they contain 站, and split at commas
/// alone; the error of a number is taken of the reference's, and a reference of 0 earns nothing but for 0; stops of
/// rides that only one of the two has are not in the union; without a reference route the score is 0 even where the
/// answer is right.
public final class PlanningJudge {
    private static final int RIDE_POINTS = 4; // for a right number of via stops
    private static final int VIA_CAP = 10;

    private final AnswerKey key;
    private final PlanningForm form;
    private final List<Route> routes;
    private final EvaluationMode mode;
    private final ReferenceNames names;

    public PlanningJudge(Question question, AnswerKey key, EvaluationMode mode) {
        this(key, question.form(), question.routes(), mode);
    }

    /// A row without routes stays without in the reference mode.
    public static PlanningJudge of(TaskItem item, EvaluationMode mode) {
        boolean none = mode == EvaluationMode.REFERENCE && !item.ownRoutes();
        Question question = item.question();
        return new PlanningJudge(item.key(), question.form(), none ? List.of() : question.routes(), mode);
    }

    PlanningJudge(AnswerKey key, PlanningForm form, List<Route> routes, EvaluationMode mode) {
        this.key = key;
        this.form = form;
        this.routes = List.copyOf(routes);
        this.mode = mode;
        this.names = new ReferenceNames(key, mode);
    }

    public PlanningVerdict judge(String response) {
        List<StatedRide> rides = StatedRide.of(response, form, mode);
        if (rides.isEmpty()) {
            return new PlanningVerdict(false, 0);
        }
        boolean correct = (form == PlanningForm.SHORT && mode == EvaluationMode.RAILHEAD)
                ? AnswerChecker.isCorrect(key, response)
                : isCorrect(rides);
        int cap = form == PlanningForm.SHORT ? 10 : 20;
        double best = 0;
        for (Route route : routes) {
            double agreed = endsAgree(rides) ? agreement(rides, route.segments()) : 0;
            best = Math.max(best, Math.min(cap, agreed) + (correct ? cap : 0));
        }
        return new PlanningVerdict(correct, best);
    }

    private boolean endsAgree(List<StatedRide> rides) {
        return same(rides.getFirst().departure(), String.valueOf(key.station1()))
                && same(rides.getLast().arrival(), String.valueOf(key.station2()));
    }

    /// The published rule, which asks neither for the order of stops nor for the number of rides.
    private boolean isCorrect(List<StatedRide> rides) {
        boolean correct = endsAgree(rides);
        for (int i = 0; i < rides.size() && correct; i++) {
            StatedRide ride = rides.get(i);
            correct = names.serves(ride.line(), ride.departure(), ride.arrival())
                    && (i == rides.size() - 1
                            || same(ride.arrival(), rides.get(i + 1).departure()));
        }
        return correct;
    }

    private double agreement(List<StatedRide> rides, List<RouteSegment> reference) {
        double points = 1;
        double counts = 0;
        int hits = 0;
        Set<String> union = new HashSet<>();
        Set<String> shared = new HashSet<>();
        int both = Math.min(rides.size(), reference.size());
        for (int i = 0; i < both; i++) {
            StatedRide ride = rides.get(i);
            RouteSegment segment = reference.get(i);
            boolean lineAgrees = names.sameLine(ride.line(), segment.line());
            points += lineAgrees ? 2 : 0;
            points += same(ride.departure(), names.departure(segment)) ? 1 : 0;
            points += same(ride.arrival(), names.arrival(segment, form)) ? 1 : 0;
            if (form == PlanningForm.VIA_COUNT) {
                counts += countPoints(firstNumber(ride.via()), segment.stops() - 1);
            } else if (form == PlanningForm.VIA_STOPS) {
                List<String> stated = names.stated(ride.via());
                List<String> wanted = names.via(segment);
                hits += (int) stated.stream().filter(wanted::contains).count();
                if (lineAgrees || mode == EvaluationMode.RAILHEAD) {
                    union.addAll(wanted);
                    union.addAll(stated);
                }
                if (lineAgrees) {
                    stated.stream().filter(wanted::contains).forEach(shared::add);
                }
            }
        }
        if (form == PlanningForm.VIA_STOPS && mode == EvaluationMode.RAILHEAD) {
            rides.stream().skip(both).forEach(ride -> union.addAll(names.stated(ride.via())));
            reference.stream().skip(both).forEach(segment -> union.addAll(names.via(segment)));
        }
        double iou = union.isEmpty() ? 0 : (double) shared.size() / union.size();
        return points + (VIA_CAP * iou + Math.min(VIA_CAP, hits)) / 2 + Math.min(VIA_CAP, counts);
    }

    private double countPoints(double answered, int reference) {
        double error = Math.abs(answered - reference);
        double of = mode == EvaluationMode.RAILHEAD ? Math.max(answered, reference) : reference;
        return error == 0 ? RIDE_POINTS : of == 0 ? 0 : Math.max(0, RIDE_POINTS - error / of * RIDE_POINTS);
    }

    private boolean same(String a, String b) {
        return EvaluationNames.key(a, mode).equals(EvaluationNames.key(b, mode));
    }

    /// The first run of digits, or 0.
    private static double firstNumber(String text) {
        double number = 0;
        OptionalInt first = IntStream.range(0, text.length())
                .filter(i -> Character.isDigit(text.charAt(i)))
                .findFirst();
        if (first.isPresent()) {
            for (int i = first.getAsInt(); i < text.length() && Character.isDigit(text.charAt(i)); i++) {
                number = 10 * number + Character.digit(text.charAt(i), 10);
            }
        }
        return number;
    }
}
