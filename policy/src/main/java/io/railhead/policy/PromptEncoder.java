package io.railhead.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// Prompts to tokens and patches, and sampled tokens back to text.
///
/// The model's chat template writes one user message, the pictures before the text, and the head of the assistant's.
/// Special tokens within the user's text count as such, as they do in the Python library; a text with an image
/// placeholder of its own is refused.
public final class PromptEncoder {
    private final PolicyConfig config;
    private final ImageProcessor imageProcessor;
    private final Function<EncodedImage, PatchGrid> pictures;
    private final Tokenizer tokenizer;
    private final ChatTemplate chatTemplate;
    private final Set<Integer> stopTokenIds;

    /// @param pictures how a picture becomes patches: the processor's way, or a memory of it
    public PromptEncoder(
            PolicyConfig config,
            ImageProcessor imageProcessor,
            Function<EncodedImage, PatchGrid> pictures,
            Tokenizer tokenizer,
            ChatTemplate chatTemplate,
            Set<Integer> stopTokenIds) {
        this.config = config;
        this.imageProcessor = imageProcessor;
        this.pictures = pictures;
        this.tokenizer = tokenizer;
        this.chatTemplate = chatTemplate;
        this.stopTokenIds = Set.copyOf(stopTokenIds);
    }

    /// @throws PromptRejectedException if a picture cannot be taken, the text holds a placeholder, or the whole has
    ///     more tokens than positions
    public EncodedPrompt encode(Prompt prompt) {
        List<PatchGrid> grids = prompt.images().stream().map(pictures).toList();
        TokenIds template = tokenizer.encode(chatTemplate.write(prompt));
        TokenIds tokens = expanded(prompt, template, grids);
        if (tokens.size() > config.text().maxPositions()) {
            throw new PromptRejectedException("prompt %s has %d tokens, more than the %d positions of the policy"
                    .formatted(prompt.id(), tokens.size(), config.text().maxPositions()));
        }
        return new EncodedPrompt(tokens, grids);
    }

    /// The text of sampled tokens, without special tokens.
    public String decode(TokenIds tokens) {
        return tokenizer.decode(tokens, true);
    }

    /// Tokens that end a response.
    public Set<Integer> stopTokenIds() {
        return stopTokenIds;
    }

    private TokenIds expanded(Prompt prompt, TokenIds template, List<PatchGrid> grids) {
        if (template.stream().anyMatch(id -> id == config.videoTokenId())) {
            throw new PromptRejectedException(
                    "prompt " + prompt.id() + " has a video placeholder, and videos are not supported");
        }
        long placeholders =
                template.stream().filter(id -> id == config.imageTokenId()).count();
        if (placeholders != grids.size()) {
            throw new PromptRejectedException("prompt %s has %d image placeholders for %d pictures"
                    .formatted(prompt.id(), placeholders, grids.size()));
        }
        List<Integer> tokens = new ArrayList<>(template.size());
        int picture = 0;
        for (int id : template.toArray()) {
            int copies =
                    id == config.imageTokenId() ? grids.get(picture++).visualTokens(imageProcessor.mergeSize()) : 1;
            for (int i = 0; i < copies; i++) {
                tokens.add(id);
            }
        }
        return TokenIds.of(tokens.stream().mapToInt(Integer::intValue).toArray());
    }
}
