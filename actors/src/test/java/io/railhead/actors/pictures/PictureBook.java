package io.railhead.actors.pictures;

import io.railhead.actors.protocol.Task;
import io.railhead.actors.stage.PromptLoadException;
import io.railhead.actors.stage.PromptRef;
import io.railhead.actors.stage.PromptSource;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.Prompt;
import java.util.List;
import java.util.Map;

/// Prompts with one picture each, in memory.
public record PictureBook(Map<String, EncodedImage> pictures) implements PromptSource {
    @Override
    public List<PromptRef> catalogue() {
        return pictures.keySet().stream()
                .sorted()
                .map(id -> new PromptRef(id, "map", "easy"))
                .toList();
    }

    @Override
    public Task load(String id) throws PromptLoadException {
        EncodedImage picture = pictures.get(id);
        if (picture == null) {
            throw new PromptLoadException("no prompt " + id);
        }
        return new Task(new Prompt(id, "where?", List.of(picture)), "map", "easy", "key");
    }
}
