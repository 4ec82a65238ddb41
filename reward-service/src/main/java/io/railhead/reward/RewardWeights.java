package io.railhead.reward;

import io.railhead.transit.Difficulty;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;

/// The constants of the reward: the detail share `alpha`, the map weights gamma, and the question weights beta.
///
/// The weight of a question is a sum: gamma of its map's difficulty, and for planning beta: `direct` without a
/// transfer, `transfer` with one or more. RewardMap, <https://arxiv.org/abs/2510.02240>, section 4.2 and table 7.
public record RewardWeights(double alpha, double easy, double middle, double hard, double direct, double transfer) {
    public static final RewardWeights DEFAULT = new RewardWeights(0.5, 1.0, 1.2, 1.5, 0.0, 0.5);

    public RewardWeights {
        if (!(alpha >= 0) || Double.isInfinite(alpha)) {
            throw new IllegalArgumentException("alpha is finite and not negative: " + alpha);
        }
        for (double gamma : new double[] {easy, middle, hard}) {
            if (!(gamma > 0) || Double.isInfinite(gamma)) {
                throw new IllegalArgumentException("the weight of a map is finite and positive: " + gamma);
            }
        }
        for (double beta : new double[] {direct, transfer}) {
            if (!(beta >= 0) || Double.isInfinite(beta)) {
                throw new IllegalArgumentException("the weight of a question is finite and not negative: " + beta);
            }
        }
    }

    public double difficulty(AnswerKey key) {
        double map = ofMap(key.mapDifficulty());
        if (key.type() != QuestionType.PLANNING) {
            return map;
        }
        return map + (key.questionTransferCount() > 0 ? transfer : direct);
    }

    private double ofMap(Difficulty difficulty) {
        return switch (difficulty) {
            case EASY -> easy;
            case MIDDLE -> middle;
            case HARD -> hard;
        };
    }
}
