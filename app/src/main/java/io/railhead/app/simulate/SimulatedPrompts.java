package io.railhead.app.simulate;

import io.railhead.actors.protocol.Task;
import io.railhead.actors.stage.PromptRef;
import io.railhead.actors.stage.PromptSource;
import io.railhead.policy.Prompt;
import io.railhead.transit.Difficulty;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Prompts without a content.
final class SimulatedPrompts implements PromptSource {
    private static final int COUNT = 4096;
    private static final String KEY =
            new AnswerKey(QuestionType.TORF1, 1, null, null, Difficulty.EASY, 0, new LinkedHashMap<>()).toJson();

    private final Map<String, Task> tasks = IntStream.range(0, COUNT)
            .mapToObj(i -> new Task(new Prompt("prompt-" + i, "simulated", List.of()), "planning", "easy", KEY))
            .collect(Collectors.toMap(task -> task.prompt().id(), Function.identity()));

    @Override
    public List<PromptRef> catalogue() {
        return tasks.values().stream()
                .map(task -> new PromptRef(task.prompt().id(), task.kind(), task.difficulty()))
                .toList();
    }

    @Override
    public Task load(String id) {
        Task task = tasks.get(id);
        if (task == null) {
            throw new IllegalArgumentException("no prompt " + id);
        }
        return task;
    }
}
