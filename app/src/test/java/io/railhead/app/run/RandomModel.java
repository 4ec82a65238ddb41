package io.railhead.app.run;

import io.railhead.policy.EmbeddedModel;
import io.railhead.policy.InitialWeights;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// A model folder of the embedded model's shape with random weights, the same for the same seed.
public final class RandomModel {
    private RandomModel() {}

    public static Path in(Path folder, long seed) throws IOException {
        ModelDirectory model = EmbeddedModel.unpack(folder);
        SafetensorsFile.write(
                folder.resolve("model.safetensors"),
                InitialWeights.random(model.config(), InitialWeights.Style.MIMETIC, seed),
                Map.of("format", "pt"));
        return folder;
    }
}
