package io.railhead.policy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.railhead.policy.vision.VisionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A model folder in Hugging Face layout: `config.json`, `preprocessor_config.json`, `generation_config.json`,
/// `tokenizer.json`, the chat template, and the weights as safetensors.
///
/// A folder `adapter` in it has LoRA adapters in PEFT's layout that go with the weights, and `base_model.json` in
/// place of weights names the folder that has them. Opening it reads and checks everything but the tokenizer and the
/// weights.
public record ModelDirectory(
        Path path,
        PolicyConfig config,
        ImageProcessor imageProcessor,
        ChatTemplate chatTemplate,
        Set<Integer> stopTokenIds) {
    /// Everything that belongs to a model beside its weights; what is not there is not copied.
    private static final List<String> COMPANIONS = List.of(
            "config.json",
            "generation_config.json",
            "preprocessor_config.json",
            "processor_config.json",
            "video_preprocessor_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "chat_template.json",
            "chat_template.jinja");

    private static final String BASE = "base_model.json";
    private static final long LARGE = 64 << 20; // bytes

    public ModelDirectory {
        stopTokenIds = Set.copyOf(stopTokenIds);
    }

    /// @throws InvalidModelException if the folder or one of its files is missing, contradictory or not supported
    public static ModelDirectory open(Path path) throws InvalidModelException {
        if (!Files.isDirectory(path)) {
            throw new InvalidModelException(path, "the model folder is missing");
        }
        PolicyConfig config = PolicyConfig.read(path);
        ImageProcessor processor = ImageProcessor.read(path);
        VisionConfig vision = config.vision();
        if (processor.patchSize() != vision.patchSize()
                || processor.mergeSize() != vision.spatialMergeSize()
                || processor.temporalPatchSize() != vision.temporalPatchSize()) {
            throw new InvalidModelException(
                    path,
                    "config.json cuts patches of %d (merge %d, temporal %d), the processor of %d (%d, %d)"
                            .formatted(
                                    vision.patchSize(),
                                    vision.spatialMergeSize(),
                                    vision.temporalPatchSize(),
                                    processor.patchSize(),
                                    processor.mergeSize(),
                                    processor.temporalPatchSize()));
        }
        return new ModelDirectory(path, config, processor, ChatTemplate.read(path), readStopTokenIds(path));
    }

    /// `eos_token_id` of `generation_config.json`, or where that says nothing, of `config.json`.
    private static Set<Integer> readStopTokenIds(Path path) throws InvalidModelException {
        Path generation = path.resolve("generation_config.json");
        JsonSettings settings = JsonSettings.read(Files.exists(generation) ? generation : path.resolve("config.json"));
        if (!settings.has("eos_token_id")) {
            settings = JsonSettings.read(path.resolve("config.json"));
            settings = settings.has("eos_token_id")
                    ? settings
                    : settings.child("text_config").orElse(settings);
        }
        return settings.node().path("eos_token_id").isArray()
                ? Set.copyOf(settings.integers("eos_token_id"))
                : Set.of(settings.integer("eos_token_id"));
    }

    /// The same model with other tokens that end a response.
    public ModelDirectory withStopTokenIds(Set<Integer> others) {
        return new ModelDirectory(path, config, imageProcessor, chatTemplate, others);
    }

    public Path tokenizerFile() {
        return path.resolve("tokenizer.json");
    }

    public PromptEncoder encoder(Tokenizer tokenizer) {
        return encoder(tokenizer, imageProcessor::patches);
    }

    /// An encoder that gets its patches from `pictures`, such as a cache.
    public PromptEncoder encoder(Tokenizer tokenizer, Function<EncodedImage, PatchGrid> pictures) {
        return new PromptEncoder(config, imageProcessor, pictures, tokenizer, chatTemplate, stopTokenIds);
    }

    /// All weights, mapped; of a folder with adapters, those of the base model.
    ///
    /// @throws InvalidModelException if they are missing or damaged
    public List<NamedTensor> weights() throws IOException {
        return SafetensorsFile.readModel(basePath());
    }

    /// The adapters that a folder has beside the weights.
    ///
    /// @throws InvalidModelException if they are damaged or not supported
    public Optional<AdapterDirectory> adapters() throws IOException {
        Path folder = path.resolve(AdapterDirectory.NAME);
        return Files.isDirectory(folder) ? Optional.of(AdapterDirectory.read(folder, config)) : Optional.empty();
    }

    /// The folder with the weights, which is another one where this folder only names it.
    ///
    /// @throws InvalidModelException if that is not there
    public Path basePath() throws IOException {
        Path reference = path.resolve(BASE);
        if (!Files.exists(reference)) {
            return path.toRealPath();
        }
        JsonSettings settings = JsonSettings.read(reference);
        Path base = Path.of(settings.text("path", ""));
        if (!Files.isDirectory(base)) {
            throw settings.refusal("path", "is no folder: the base model of the adapters has gone");
        }
        return base;
    }

    /// Copies everything but the weights into an existing folder, so that with a `model.safetensors` it is a model.
    public void copyCompanions(Path target) throws IOException {
        for (String name : COMPANIONS) {
            if (Files.exists(path.resolve(name))) {
                Files.copy(path.resolve(name), target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /// Makes an existing folder a model with the same weights: a copy of them if they are small, else the name of the
    /// folder that has them.
    public void copyBase(Path target) throws IOException {
        copyCompanions(target);
        Path base = basePath();
        long bytes = 0;
        List<Path> weights = SafetensorsFile.modelFiles(base);
        for (Path file : weights) {
            bytes += Files.size(file);
        }
        if (bytes > LARGE) {
            ObjectMapper json = new ObjectMapper();
            json.writeValue(target.resolve(BASE).toFile(), Map.of("path", base.toString()));
        } else {
            for (Path file : weights) {
                Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
