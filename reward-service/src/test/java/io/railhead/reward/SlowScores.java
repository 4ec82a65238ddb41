package io.railhead.reward;

import io.railhead.transit.QuestionType;
import io.railhead.transit.StationNames;
import io.railhead.transit.answer.AnswerKey;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The three profiles written down from their definitions, without a thought of speed: what the scoring functions are
/// compared with. Default weights.
final class SlowScores {
    private SlowScores() {}

    record Verdict(boolean correct, double format, double detail, double reward) {}

    static Verdict of(RewardProfile profile, AnswerKey key, String response) {
        boolean planning = key.type() == QuestionType.PLANNING;
        List<SlowAnswers.Segment> all = planning ? SlowAnswers.segments(response) : List.of();
        var segments = all.stream().filter(SlowAnswers.Segment::labelled).toList();
        boolean formed = planning
                ? !segments.isEmpty() && segments.stream().allMatch(SlowAnswers.Segment::complete)
                : SlowAnswers.boxed(response);
        UnaryOperator<String> gold = profile == RewardProfile.REFERENCE ? StationNames::clean : StationNames::key;
        boolean correct = planning
                ? right(key, segments, gold)
                : SlowAnswers.shortAnswerRight(key, SlowAnswers.shortAnswer(response));
        double detail = !planning
                ? 0
                : switch (profile) {
                    case RAILHEAD -> railhead(key, segments);
                    case REFERENCE -> reference(key, all);
                    case PAPER -> formed ? paper(key, segments) : 0;
                };
        double format = formed
                ? switch (profile) {
                    case RAILHEAD -> 0.1;
                    case REFERENCE -> 0;
                    case PAPER -> 1;
                }
                : 0;
        double correctness = correct ? profile == RewardProfile.RAILHEAD ? 1 : 10 : 0;
        double weight = RewardWeights.DEFAULT.difficulty(key);
        return new Verdict(correct, format, detail, weight * (format + correctness + 0.5 * detail));
    }

    private static boolean right(AnswerKey key, List<SlowAnswers.Segment> segments, UnaryOperator<String> gold) {
        boolean right = ends(key, segments, gold);
        for (int i = 0; i < segments.size(); i++) {
            SlowAnswers.Segment s = segments.get(i);
            right &= on(key, s.line(), StationNames.clean(s.departure()), gold)
                    && on(key, s.line(), StationNames.clean(s.arrival()), gold);
            right &= i + 1 == segments.size()
                    || same(s.arrival(), segments.get(i + 1).departure());
        }
        return right;
    }

    private static double reference(AnswerKey key, List<SlowAnswers.Segment> segments) {
        if (!ends(key, segments, StationNames::clean)) {
            return 0;
        }
        int qt = key.questionTransferCount();
        double score = 2;
        for (int i = 0; i < segments.size(); i++) {
            SlowAnswers.Segment s = segments.get(i);
            if (i + 1 > qt) {
                score -= 5;
            }
            if (!key.lines().containsKey(meant(s.line()))) {
                continue;
            }
            List<String> line =
                    named(key, s.line()).stream().map(StationNames::clean).toList();
            if (qt > 0) {
                score += 3;
            } else if (line.contains(StationNames.clean(Objects.requireNonNull(key.station1())))
                    && line.contains(StationNames.clean(Objects.requireNonNull(key.station2())))) {
                score += 4;
            }
            boolean both =
                    line.contains(StationNames.clean(s.departure())) && line.contains(StationNames.clean(s.arrival()));
            if (both
                    && i + 1 < segments.size()
                    && same(s.arrival(), segments.get(i + 1).departure())
                    && i + 1 <= qt) {
                score += 1;
            }
        }
        return Math.min(score, 10);
    }

    private static double paper(AnswerKey key, List<SlowAnswers.Segment> segments) {
        double score = start(key, segments, StationNames::key) || end(key, segments, StationNames::key) ? 2 : 0;
        for (int i = 0; i < segments.size(); i++) {
            SlowAnswers.Segment s = segments.get(i);
            if (i > key.questionTransferCount()) {
                score -= 5;
            }
            if (i == 0 && on(key, s.line(), asked(key.station1()), StationNames::key)) {
                score += 4;
            }
            if (on(key, s.line(), StationNames.clean(s.departure()), StationNames::key)
                    && on(key, s.line(), StationNames.clean(s.arrival()), StationNames::key)
                    && i + 1 < segments.size()
                    && same(s.arrival(), segments.get(i + 1).departure())) {
                score += 1;
            }
        }
        return Math.min(score, 10);
    }

    private static double railhead(AnswerKey key, List<SlowAnswers.Segment> segments) {
        if (segments.isEmpty()) {
            return 0;
        }
        UnaryOperator<String> gold = StationNames::key;
        int needed = key.questionTransferCount();
        boolean firstLine = on(key, segments.getFirst().line(), asked(key.station1()), gold);
        boolean lastLine = on(key, segments.getLast().line(), asked(key.station2()), gold);
        double score = (start(key, segments, gold) ? 0.1 : 0) + (end(key, segments, gold) ? 0.1 : 0);
        score += (needed == 0 ? 0.8 : 0.4) * ((firstLine ? 0.5 : 0) + (lastLine ? 0.5 : 0));
        if (needed > 0) {
            boolean[] counted = new boolean[segments.size()];
            for (int i = 0; firstLine && i + 1 < segments.size() && transfer(key, segments, i); i++) {
                counted[i] = true;
            }
            for (int i = segments.size() - 2; lastLine && i >= 0 && transfer(key, segments, i); i--) {
                counted[i] = true;
            }
            int right = 0;
            for (boolean one : counted) {
                right += one ? 1 : 0;
            }
            score += 0.4 * Math.min(needed, right) / needed;
        }
        return Math.max(0, score - 0.25 * Math.max(0, segments.size() - 1 - needed));
    }

    private static boolean transfer(AnswerKey key, List<SlowAnswers.Segment> segments, int index) {
        SlowAnswers.Segment before = segments.get(index);
        SlowAnswers.Segment after = segments.get(index + 1);
        return same(before.arrival(), after.departure())
                && on(key, before.line(), StationNames.clean(before.arrival()), StationNames::key)
                && on(key, after.line(), StationNames.clean(after.departure()), StationNames::key);
    }

    private static boolean ends(AnswerKey key, List<SlowAnswers.Segment> segments, UnaryOperator<String> gold) {
        return start(key, segments, gold) && end(key, segments, gold);
    }

    private static boolean start(AnswerKey key, List<SlowAnswers.Segment> segments, UnaryOperator<String> gold) {
        return !segments.isEmpty()
                && StationNames.clean(segments.getFirst().departure())
                        .equals(gold.apply(Objects.requireNonNull(key.station1())));
    }

    private static boolean end(AnswerKey key, List<SlowAnswers.Segment> segments, UnaryOperator<String> gold) {
        return !segments.isEmpty()
                && StationNames.clean(segments.getLast().arrival())
                        .equals(gold.apply(Objects.requireNonNull(key.station2())));
    }

    private static boolean on(AnswerKey key, String line, String stop, UnaryOperator<String> gold) {
        return named(key, line).stream().map(gold).anyMatch(stop::equals);
    }

    private static String asked(@Nullable String station) {
        return StationNames.key(Objects.requireNonNull(station));
    }

    private static boolean same(String one, String other) {
        return StationNames.clean(one).equals(StationNames.clean(other));
    }

    private static List<String> named(AnswerKey key, String line) {
        return key.lines().getOrDefault(meant(line), List.of());
    }

    private static String meant(String line) {
        return line.contains("八通") ? "Line 1" : line.contains("大兴") ? "Line 4" : line;
    }
}
