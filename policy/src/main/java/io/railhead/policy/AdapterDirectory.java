package io.railhead.policy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// LoRA adapters in a folder of PEFT's layout: `adapter_config.json` and `adapter_model.safetensors`.
///
/// @param tensors those of `AdapterShape.of`, in that order
public record AdapterDirectory(LoraConfig lora, List<NamedTensor> tensors) {
    /// The name of the folder with adapters inside a model folder.
    public static final String NAME = "adapter";

    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";
    /// What would change how adapters are computed, and the value with which it does not.
    private static final Map<String, String> UNSUPPORTED = Map.of(
            "bias", "none",
            "use_dora", "false",
            "use_rslora", "false",
            "use_qalora", "false",
            "lora_bias", "false",
            "fan_in_fan_out", "false",
            "rank_pattern", "{}",
            "alpha_pattern", "{}");

    public AdapterDirectory {
        tensors = List.copyOf(tensors);
    }

    /// Reads a folder that `write` or PEFT wrote. Projections which the file leaves out, of a kind that it adapts
    /// elsewhere, get adapters that add nothing.
    ///
    /// @throws InvalidModelException if a file is missing or damaged, or asks for what this policy does not compute
    public static AdapterDirectory read(Path folder, PolicyConfig model) throws IOException {
        JsonSettings settings = JsonSettings.read(folder.resolve(CONFIG));
        if (!settings.text("peft_type", "").equals("LORA")) {
            throw settings.refusal("peft_type", "is not supported, only \"LORA\" is");
        }
        for (Map.Entry<String, String> entry : UNSUPPORTED.entrySet()) {
            if (settings.has(entry.getKey())) {
                String value = settings.node().get(entry.getKey()).toString().replace("\"", "");
                if (!value.equals(entry.getValue())) {
                    throw settings.refusal(entry.getKey(), "is not supported, only " + entry.getValue() + " is");
                }
            }
        }
        Path file = folder.resolve(WEIGHTS);
        Map<String, NamedTensor> given = new HashMap<>();
        for (NamedTensor tensor : SafetensorsFile.read(file).tensors()) {
            String name = AdapterShape.canonicalName(tensor.name());
            if (given.put(name, tensor.named(name)) != null) {
                throw new InvalidModelException(file, "tensor " + name + " is there twice");
            }
        }
        try {
            LoraConfig lora = new LoraConfig(
                    settings.integer("r"), settings.decimal("lora_alpha", 8), targets(file, given, model));
            return new AdapterDirectory(lora, complete(given, AdapterShape.of(model, lora)));
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(file, String.valueOf(e.getMessage()), e);
        }
    }

    /// The kinds of projections that have tensors in the file. What `target_modules` says is a pattern that may match
    /// more than was adapted.
    private static List<String> targets(Path file, Map<String, NamedTensor> given, PolicyConfig model)
            throws InvalidModelException {
        Map<String, String> targets = new HashMap<>(); // by name of a tensor
        List<String> all = ParameterShape.of(model).stream()
                .filter(AdapterShape::isProjection)
                .map(weight -> AdapterShape.lastPart(weight.name()))
                .distinct()
                .toList();
        for (AdapterShape adapter : AdapterShape.of(model, new LoraConfig(1, 1, all))) {
            targets.put(adapter.a().name(), AdapterShape.lastPart(adapter.weight()));
            targets.put(adapter.b().name(), AdapterShape.lastPart(adapter.weight()));
        }
        Set<String> found = new LinkedHashSet<>();
        for (String name : given.keySet()) {
            String target = targets.get(name);
            if (target == null) {
                throw new InvalidModelException(file, "tensor " + name + " adapts no projection of the model");
            }
            found.add(target);
        }
        return all.stream().filter(found::contains).toList();
    }

    private static List<NamedTensor> complete(Map<String, NamedTensor> given, List<AdapterShape> shapes) {
        List<NamedTensor> tensors = new ArrayList<>();
        for (AdapterShape adapter : shapes) {
            boolean hasA = given.containsKey(adapter.a().name());
            if (hasA != given.containsKey(adapter.b().name())) {
                throw new IllegalArgumentException(
                        "tensor %s is missing".formatted((hasA ? adapter.b() : adapter.a()).name()));
            }
            for (ParameterShape shape : List.of(adapter.a(), adapter.b())) {
                NamedTensor tensor = hasA ? given.get(shape.name()) : zeros(shape);
                if (tensor == null || !tensor.shape().equals(shape.shape())) {
                    throw new IllegalArgumentException("tensor %s is %s instead of %s"
                            .formatted(shape.name(), tensor == null ? "missing" : tensor.shape(), shape.shape()));
                }
                tensors.add(tensor);
            }
        }
        return tensors;
    }

    private static NamedTensor zeros(ParameterShape shape) {
        return NamedTensor.ofFloats(shape.name(), shape.shape(), new float[Math.toIntExact(shape.elements())]);
    }

    /// Writes both files into an existing folder.
    ///
    /// @param baseModel where PEFT finds the model to adapt
    public void write(Path folder, String baseModel) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode config = json.createObjectNode()
                .put("peft_type", "LORA")
                .put("base_model_name_or_path", baseModel)
                .put("r", lora.rank())
                .put("lora_alpha", lora.alpha())
                .put("lora_dropout", 0.0)
                .put("bias", "none")
                .put("fan_in_fan_out", false)
                .put("inference_mode", true);
        ArrayNode modules = config.putArray("target_modules");
        // In full, because the last part alone would name the convolution `patch_embed.proj` as well.
        lora.targets().forEach(target -> modules.add(target.equals("proj") ? "attn.proj" : target));
        Files.writeString(
                folder.resolve(CONFIG), json.writerWithDefaultPrettyPrinter().writeValueAsString(config));
        SafetensorsFile.write(folder.resolve(WEIGHTS), tensors, Map.of("format", "pt"));
    }
}
