package io.railhead.bench.actors;

import io.railhead.actors.protocol.Task;
import io.railhead.actors.stage.PromptRef;
import io.railhead.actors.stage.PromptSource;
import io.railhead.policy.Prompt;
import io.railhead.transit.Difficulty;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;

/// Questions without a picture, whose answer is yes.
final class BarePrompts implements PromptSource {
    private static final int COUNT = 512;
    private static final String KEY =
            new AnswerKey(QuestionType.TORF1, 1, null, null, Difficulty.EASY, 0, new LinkedHashMap<>()).toJson();

    @Override
    public List<PromptRef> catalogue() {
        return IntStream.range(0, COUNT)
                .mapToObj(i -> new PromptRef("prompt-" + i, "planning", "easy"))
                .toList();
    }

    @Override
    public Task load(String id) {
        return new Task(new Prompt(id, "question", List.of()), "planning", "easy", KEY);
    }
}
