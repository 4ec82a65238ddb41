package io.railhead.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {
    private static final Prompt TEXT = new Prompt("p1", "Which {{ line }}?\n", List.of());

    @TempDir
    private Path folder;

    @Test
    void aFolderWithoutATemplateGetsTheUsualOne() throws IOException {
        ChatTemplate template = ChatTemplate.read(folder);
        assertThat(template.write(TEXT)).isEqualTo("""
                <|im_start|>system
                You are a helpful assistant.<|im_end|>
                <|im_start|>user
                Which {{ line }}?
                <|im_end|>
                <|im_start|>assistant
                """);
        assertThat(template.write(twoPictures())).isEqualTo("""
                <|im_start|>system
                You are a helpful assistant.<|im_end|>
                <|im_start|>user
                <|vision_start|><|image_pad|><|vision_end|><|vision_start|><|image_pad|><|vision_end|>Compare.<|im_end|>
                <|im_start|>assistant
                """);
    }

    @Test
    void theEmbeddedModelsTemplateWritesTheUsualText() throws IOException {
        ChatTemplate usual = ChatTemplate.read(folder);
        ChatTemplate embedded = EmbeddedModel.unpack(folder.resolve("model")).chatTemplate();
        assertThat(embedded.write(TEXT)).isEqualTo(usual.write(TEXT));
        assertThat(embedded.write(twoPictures())).isEqualTo(usual.write(twoPictures()));
    }

    @Test
    void prefersAFileOfItsOwnAsTransformersDoes() throws IOException {
        writeJson("tokenizer_config.json", Map.of("chat_template", "third", "eos_token", Map.of("content", "</s>")));
        assertThat(ChatTemplate.read(folder).write(TEXT)).isEqualTo("third");
        writeJson("chat_template.json", Map.of("chat_template", "second"));
        assertThat(ChatTemplate.read(folder).write(TEXT)).isEqualTo("second");
        Files.writeString(folder.resolve("chat_template.jinja"), "{{ messages[0].content[0].text }}{{ eos_token }}");
        assertThat(ChatTemplate.read(folder).write(TEXT)).isEqualTo("Which {{ line }}?\n</s>");
    }

    @Test
    void takesTheDefaultOfSeveralTemplates() throws IOException {
        Map<String, String> tools = Map.of("name", "tool_use", "template", "tools");
        writeJson(
                "tokenizer_config.json",
                Map.of("chat_template", List.of(tools, Map.of("name", "default", "template", "plain"))));
        assertThat(ChatTemplate.read(folder).write(TEXT)).isEqualTo("plain");
        writeJson("tokenizer_config.json", Map.of("chat_template", List.of(tools)));
        assertThatThrownBy(() -> ChatTemplate.read(folder))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(folder.resolve("tokenizer_config.json")
                        + ": chat_template has no template of the name default");
    }

    @Test
    void namesFileAndLineOfWhatATemplateMayNotDo() throws IOException {
        Path file = Files.writeString(folder.resolve("chat_template.jinja"), "a\n{{ ''.__class__.mro() }}");
        assertThatThrownBy(() -> ChatTemplate.read(folder))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(file + ": chat template, line 2: method mro is not supported");
    }

    @Test
    void rejectsAPromptThatTheTemplateRefuses() throws IOException {
        Path file =
                Files.writeString(folder.resolve("chat_template.jinja"), "{{ raise_exception('no system message') }}");
        ChatTemplate template = ChatTemplate.read(folder);
        assertThatThrownBy(() -> template.write(TEXT))
                .isInstanceOf(PromptRejectedException.class)
                .hasMessage("prompt p1: the chat template of " + file + ", line 1: no system message");
    }

    private static Prompt twoPictures() throws IOException {
        return new Prompt("p2", "Compare.", List.of(Golden.image("rgb.png"), Golden.image("grey.png")));
    }

    private void writeJson(String name, Object content) throws IOException {
        new ObjectMapper().writeValue(folder.resolve(name).toFile(), content);
    }
}
