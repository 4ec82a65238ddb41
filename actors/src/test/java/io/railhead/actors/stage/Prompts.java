package io.railhead.actors.stage;

import io.railhead.actors.protocol.Task;
import io.railhead.policy.Prompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A prompt source in memory: so many prompts of each kind, named `KIND-NUMBER`.
final class Prompts implements PromptSource {
    private final List<PromptRef> catalogue;
    private final List<String> broken;

    private Prompts(List<PromptRef> catalogue, List<String> broken) {
        this.catalogue = catalogue;
        this.broken = broken;
    }

    static Prompts of(int ofEach, String... kinds) {
        List<PromptRef> all = new ArrayList<>();
        for (String kind : kinds) {
            for (int i = 0; i < ofEach; i++) {
                all.add(new PromptRef(kind + "-" + i, kind, i % 2 == 0 ? "easy" : "hard"));
            }
        }
        return new Prompts(List.copyOf(all), List.of());
    }

    /// The same prompts, of which these cannot be loaded.
    Prompts without(String... ids) {
        return new Prompts(catalogue, Arrays.asList(ids));
    }

    @Override
    public List<PromptRef> catalogue() {
        return catalogue;
    }

    @Override
    public Task load(String id) throws PromptLoadException {
        if (broken.contains(id)) {
            throw new PromptLoadException("cannot read " + id + ".png");
        }
        return new Task(new Prompt(id, "What is " + id + "?", List.of()), "flat", "easy", "yes");
    }
}
