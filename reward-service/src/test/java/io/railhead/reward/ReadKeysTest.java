package io.railhead.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.transit.Difficulty;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;
import org.junit.jupiter.api.Test;

class ReadKeysTest {
    private final ReadKeys keys = new ReadKeys(2);

    @Test
    void readsATextOnce() {
        ScoringKey key = keys.of(json(3));
        assertThat(key).isEqualTo(new ScoringKey.OfMap(AnswerKey.fromJson(json(3))));
        assertThat(keys.of(json(3))).isSameAs(key);
    }

    @Test
    void keepsThoseThatWereAskedForLast() {
        ScoringKey three = keys.of(json(3));
        ScoringKey four = keys.of(json(4));
        assertThat(keys.of(json(3))).isSameAs(three);
        keys.of(json(5)); // takes the place of four
        assertThat(keys.size()).isEqualTo(2);
        assertThat(keys.of(json(3))).isSameAs(three);
        assertThat(keys.of(json(4))).isEqualTo(four).isNotSameAs(four);
    }

    @Test
    void keepsNothingOfATextThatIsNoKey() {
        assertThatThrownBy(() -> keys.of("{}")).isInstanceOf(InvalidDataException.class);
        assertThat(keys.size()).isZero();
    }

    private static String json(int answer) {
        return Singapore.shortAnswer(QuestionType.COUNTING2, answer, Difficulty.EASY)
                .toJson();
    }
}
