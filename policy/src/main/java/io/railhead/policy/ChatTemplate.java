package io.railhead.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.policy.template.Template;
import io.railhead.policy.template.TemplateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a model's dialogues are written: prompts to the text that is tokenised.
///
/// A model folder's own template counts: `chat_template.jinja`, else `chat_template.json`, else `chat_template` in
/// `tokenizer_config.json`, as in transformers. A folder without one gets that of Qwen2.5-VL.
public final class ChatTemplate {
    /// Qwen2.5-VL's format, for one user message.
    private static final String USUAL = """
            <|im_start|>system
            You are a helpful assistant.<|im_end|>
            <|im_start|>user
            {% for part in messages[0].content -%}
            {{ '<|vision_start|><|image_pad|><|vision_end|>' if part.type == 'image' else part.text }}
            {%- endfor %}<|im_end|>
            <|im_start|>assistant
            {{ '' }}""";
    private static final List<String> SPECIAL_TOKENS =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private final Path file;
    private final Template template;
    private final Map<String, String> specialTokens;

    private ChatTemplate(Path file, Template template, Map<String, String> specialTokens) {
        this.file = file;
        this.template = template;
        this.specialTokens = Map.copyOf(specialTokens);
    }

    /// @throws InvalidModelException naming file and line of what the template asks for and is not supported
    public static ChatTemplate read(Path modelDirectory) throws InvalidModelException {
        Path jinja = modelDirectory.resolve("chat_template.jinja");
        Path json = modelDirectory.resolve("chat_template.json");
        Path tokenizer = modelDirectory.resolve("tokenizer_config.json");
        Optional<JsonSettings> settings =
                Files.exists(tokenizer) ? Optional.of(JsonSettings.read(tokenizer)) : Optional.empty();
        Map<String, String> specialTokens =
                settings.map(ChatTemplate::specialTokens).orElse(Map.of());
        if (Files.exists(jinja)) {
            return parse(jinja, text(jinja), specialTokens);
        }
        if (Files.exists(json)) {
            return parse(json, JsonSettings.read(json).text("chat_template", USUAL), specialTokens);
        }
        return parse(tokenizer, settings.isPresent() ? inTokenizerConfig(settings.get()) : USUAL, specialTokens);
    }

    /// The user's message, with its pictures before its text, and the head of the answer.
    ///
    /// @throws PromptRejectedException if the template cannot write it
    public String write(Prompt prompt) {
        List<Map<String, String>> content = new ArrayList<>();
        prompt.images().forEach(_ -> content.add(Map.of("type", "image")));
        content.add(Map.of("type", "text", "text", prompt.text()));
        Map<String, @Nullable Object> variables = new HashMap<>(specialTokens);
        variables.put("messages", List.of(Map.of("role", "user", "content", content)));
        variables.put("add_generation_prompt", true);
        variables.put("tools", null);
        variables.put("documents", null);
        try {
            return template.render(variables);
        } catch (TemplateException e) {
            throw new PromptRejectedException(
                    "prompt %s: the chat template of %s, %s".formatted(prompt.id(), file, e.getMessage()), e);
        }
    }

    private static ChatTemplate parse(Path file, String source, Map<String, String> specialTokens)
            throws InvalidModelException {
        try {
            return new ChatTemplate(file, Template.parse(source), specialTokens);
        } catch (TemplateException e) {
            throw new InvalidModelException(file, "chat template, " + e.getMessage(), e);
        }
    }

    private static String text(Path file) throws InvalidModelException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new InvalidModelException(file, "cannot be read as text: " + e.getMessage(), e);
        }
    }

    /// One template, or of several with names the one named `default`.
    private static String inTokenizerConfig(JsonSettings settings) throws InvalidModelException {
        JsonNode templates = settings.node().path("chat_template");
        if (!templates.isArray()) {
            return settings.text("chat_template", USUAL);
        }
        for (JsonNode template : templates) {
            if (template.path("name").asText().equals("default")
                    && template.path("template").isTextual()) {
                return template.path("template").textValue();
            }
        }
        throw new InvalidModelException(settings.file(), "chat_template has no template of the name default");
    }

    /// A token is a text, or an object with its text as `content`.
    private static Map<String, String> specialTokens(JsonSettings settings) {
        Map<String, String> tokens = new HashMap<>();
        for (String name : SPECIAL_TOKENS) {
            JsonNode token = settings.node().path(name);
            JsonNode content = token.isObject() ? token.path("content") : token;
            if (content.isTextual()) {
                tokens.put(name, content.textValue());
            }
        }
        return tokens;
    }
}
