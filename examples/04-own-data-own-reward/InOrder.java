package com.example;

import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.Score.Component;
import io.railhead.reward.OwnQuestion;
import io.railhead.reward.OwnReward;
import java.util.List;

/// Pays for each letter that stands where it belongs, for the right length, and for being right altogether.
public final class InOrder implements OwnReward {
    @Override
    public Score score(OwnQuestion question, String response) {
        List<String> wanted = List.of(question.answerText().split(" "));
        List<String> said = List.of(response.strip().split(" +"));
        int placed = 0;
        for (int i = 0; i < Math.min(wanted.size(), said.size()); i++) {
            placed += wanted.get(i).equals(said.get(i)) ? 1 : 0;
        }
        boolean correct = wanted.equals(said);
        List<Component> components = List.of(
                new Component("length", said.size() == wanted.size() ? 0.2 : 0, said.size() + " letters"),
                new Component("places", (double) placed / wanted.size(), placed + " of " + wanted.size() + " in place"),
                new Component("correctness", correct ? 1 : 0, correct ? "sorted" : "not sorted"));
        double reward = components.stream().mapToDouble(Component::value).sum();
        return new Score(reward, correct, 1, components);
    }
}
