package io.railhead.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The model that Railhead brings along, as resources of this module: about a million parameters in the shape of
/// Qwen2.5-VL, 224 x 224 pixels, a tokenizer with the words of the generated questions.
public final class EmbeddedModel {
    private static final List<String> COMPANIONS = List.of(
            "config.json",
            "generation_config.json",
            "preprocessor_config.json",
            "tokenizer.json",
            "tokenizer_config.json");

    private EmbeddedModel() {}

    /// Whether weights are among the resources; without them the folder describes a model that is yet to be trained.
    public static boolean hasWeights() {
        return EmbeddedModel.class.getResource("embedded/" + SafetensorsFile.SINGLE) != null;
    }

    /// Writes the model's files into a folder, which is made if it is not there, and opens it. Files of the same name
    /// are replaced, each as a whole.
    public static ModelDirectory unpack(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String name : COMPANIONS) {
            unpack(name, folder);
        }
        if (hasWeights()) {
            unpack(SafetensorsFile.SINGLE, folder);
        }
        return ModelDirectory.open(folder);
    }

    private static void unpack(String name, Path folder) throws IOException {
        Path aside = Files.createTempFile(folder, "." + name, ".partial");
        try (@Nullable InputStream resource = EmbeddedModel.class.getResourceAsStream("embedded/" + name)) {
            if (resource == null) {
                throw new IllegalStateException("this module was built without the embedded model's " + name);
            }
            Files.copy(resource, aside, StandardCopyOption.REPLACE_EXISTING);
            Files.move(aside, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
        }
    }
}
