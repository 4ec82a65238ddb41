package io.railhead.app.pretrain;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.TokenIds;
import io.railhead.policy.Tokenizer;
import io.railhead.policy.TrainingRow;
import io.railhead.transit.answer.LookFirst.Lookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Lessons packed for one step: a row a map, its picture as the prefix, its questions with answers as continuations.
///
/// @param learnFrom where the answer begins in each continuation
record LessonBatch(List<TrainingRow> rows, List<Integer> learnFrom, long answerTokens) {
    private static final String TO_ANSWER = "<|im_end|>\n<|im_start|>assistant\n";
    private static final String END = "<|im_end|>";

    /// @param mixture weight of each kind of lesson
    /// @param lookShares how many of the answers to a kind look first; all if it is not named
    /// @param prefix tokens of the conversation up to and with a picture
    static LessonBatch draw(
            List<MapLessons> maps,
            int questionsPerMap,
            Map<MapLessons.Kind, Double> mixture,
            Map<MapLessons.Kind, Double> lookShares,
            TokenIds prefix,
            Tokenizer tokenizer,
            Random random) {
        var rows = new ArrayList<TrainingRow>();
        var learnFrom = new ArrayList<Integer>();
        long answerTokens = 0;
        for (MapLessons map : maps) {
            var continuations = new ArrayList<TokenIds>();
            for (int i = 0; i < questionsPerMap; i++) {
                MapLessons.Kind kind = draw(mixture, random);
                Lookup lesson = map.draw(kind, lookShares.getOrDefault(kind, 1.0), random);
                TokenIds question = tokenizer.encode(lesson.question() + TO_ANSWER);
                TokenIds answer = tokenizer.encode(lesson.response() + END);
                continuations.add(question.plus(answer));
                learnFrom.add(question.size());
                answerTokens += answer.size();
            }
            rows.add(new TrainingRow(prefix, List.of(map.image()), continuations));
        }
        return new LessonBatch(rows, List.copyOf(learnFrom), answerTokens);
    }

    List<EncodedImage> images() {
        return rows.stream().flatMap(row -> row.images().stream()).toList();
    }

    private static MapLessons.Kind draw(Map<MapLessons.Kind, Double> mixture, Random random) {
        double left = random.nextDouble()
                * mixture.values().stream().mapToDouble(Double::doubleValue).sum();
        MapLessons.Kind last = MapLessons.Kind.LINES_THROUGH;
        for (Map.Entry<MapLessons.Kind, Double> entry : mixture.entrySet()) {
            last = entry.getKey();
            left -= entry.getValue();
            if (left < 0) {
                break;
            }
        }
        return last;
    }
}
