package io.railhead.actors.stage;

import io.railhead.actors.protocol.Task;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.Prompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A prompt source in memory: so many prompts of each kind, named `KIND-NUMBER`.
final class Prompts implements PromptSource {
    private final List<PromptRef> catalogue;
    private final List<String> broken;
    private final String question;
    private final Map<String, EncodedImage> pictures;

    private Prompts(
            List<PromptRef> catalogue, List<String> broken, String question, Map<String, EncodedImage> pictures) {
        this.catalogue = catalogue;
        this.broken = broken;
        this.question = question;
        this.pictures = pictures;
    }

    static Prompts of(int ofEach, String... kinds) {
        List<PromptRef> all = new ArrayList<>();
        for (String kind : kinds) {
            for (int i = 0; i < ofEach; i++) {
                all.add(new PromptRef(kind + "-" + i, kind, i % 2 == 0 ? "easy" : "hard"));
            }
        }
        return new Prompts(List.copyOf(all), List.of(), "What?", Map.of());
    }

    /// The same prompts, of which these cannot be loaded.
    Prompts without(String... ids) {
        return new Prompts(catalogue, Arrays.asList(ids), question, pictures);
    }

    /// The same prompts with another text.
    Prompts asking(String other) {
        return new Prompts(catalogue, broken, other, pictures);
    }

    /// The same prompts, one of which shows a picture.
    Prompts showing(String id, EncodedImage picture) {
        return new Prompts(catalogue, broken, question, Map.of(id, picture));
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
        return new Task(
                new Prompt(
                        id,
                        question,
                        Optional.ofNullable(pictures.get(id)).map(List::of).orElse(List.of())),
                "flat",
                "easy",
                "yes");
    }
}
