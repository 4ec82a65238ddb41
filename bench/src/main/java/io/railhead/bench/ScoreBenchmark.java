package io.railhead.bench;

import io.railhead.reward.RewardFunction;
import io.railhead.reward.RewardProfile;
import io.railhead.reward.RewardWeights;
import io.railhead.transit.Difficulty;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionGenerator;
import io.railhead.transit.QuestionType;
import io.railhead.transit.TransitNetwork;
import io.railhead.transit.answer.AnswerKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// How many responses a second of processor time one thread scores: all types of question about a large network, and
/// to each question a right answer, a wrong one, a long one, and one without form.
final class ScoreBenchmark implements Benchmark {
    private static final int QUESTIONS_PER_TYPE = 20;
    private static final String REASONING = "Let me look at the map. The line turns here, so I follow it. ".repeat(20);

    private record Item(AnswerKey key, String response) {}

    @Override
    public List<Figure> run(Loop loop) {
        List<Item> items = items(LargeNetwork.network());
        Loop ofOneCore = loop.byProcessorTime();
        return Stream.of(RewardProfile.values())
                .map(profile -> ofOneCore.measure(
                        "score/" + profile.name().toLowerCase(Locale.ROOT),
                        Unit.perSecond("items"),
                        new Scoring(profile.function(RewardWeights.DEFAULT), items)))
                .toList();
    }

    private static List<Item> items(TransitNetwork network) {
        var generator = new QuestionGenerator(network, Difficulty.HARD, network.city(), SEED);
        var items = new ArrayList<Item>();
        for (QuestionType type : QuestionType.values()) {
            List<Question> questions = generator.questions(type, QUESTIONS_PER_TYPE);
            for (int i = 0; i < questions.size(); i++) {
                AnswerKey key = AnswerKey.of(questions.get(i), network);
                String right = questions.get(i).referenceResponse();
                String other = questions.get((i + 1) % questions.size()).referenceResponse();
                items.add(new Item(key, right));
                items.add(new Item(key, other));
                items.add(new Item(key, REASONING + right));
                items.add(new Item(key, REASONING));
            }
        }
        return List.copyOf(items);
    }

    /// All items once.
    private static final class Scoring implements Work {
        private final RewardFunction function;
        private final List<Item> items;

        Scoring(RewardFunction function, List<Item> items) {
            this.function = function;
            this.items = items;
        }

        @Override
        public long run() {
            double sum = 0;
            for (Item item : items) {
                sum += function.score(item.key(), item.response()).reward();
            }
            if (!Double.isFinite(sum)) { // uses the scores, so that no compiler leaves them out
                throw new IllegalStateException("the scores add up to " + sum);
            }
            return items.size();
        }
    }
}
