package io.railhead.app.run;

import io.railhead.policy.EmbeddedModel;
import io.railhead.policy.InvalidModelException;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import io.railhead.policy.djl.DjlGenerationEngine;
import io.railhead.policy.djl.DjlTokenizer;
import io.railhead.policy.djl.DjlTrainablePolicy;
import io.railhead.policy.djl.EngineOptions;
import io.railhead.policy.djl.TrainingOptions;
import io.railhead.rollout.remote.RemoteEngine;
import io.railhead.rollout.remote.RemoteSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// A model folder, and the engines and trainable policies made of it. Each of those belongs to the thread that opens
/// it.
public final class PolicySource {
    private final ModelDirectory model;

    private PolicySource(ModelDirectory model) {
        this.model = model;
    }

    /// @param model `embedded` or a folder in Hugging Face layout, such as a checkpoint's `model`
    /// @throws InvalidModelException if the folder is no model that this policy computes
    public static PolicySource of(String model) throws IOException {
        return new PolicySource(
                model.equals(PolicySettings.EMBEDDED) ? embedded() : ModelDirectory.open(Path.of(model)));
    }

    /// The built-in model in a temporary folder, which goes with this process.
    private static ModelDirectory embedded() throws IOException {
        if (!EmbeddedModel.hasWeights()) {
            throw new UsageException("this build has no embedded weights: give a model folder");
        }
        Path folder = Files.createTempDirectory("railhead-embedded-");
        ModelDirectory model = EmbeddedModel.unpack(folder);
        folder.toFile().deleteOnExit();
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> file.toFile().deleteOnExit());
        }
        return model;
    }

    public ModelDirectory model() {
        return model;
    }

    /// An engine that serves the folder's weights as the base version.
    public DjlGenerationEngine engine(EngineOptions options) {
        return engine(Optional.empty(), options);
    }

    /// An engine that serves the given weights, or the folder's as the base version.
    public DjlGenerationEngine engine(Optional<WeightsSnapshot> weights, EngineOptions options) {
        try {
            return weights.isPresent()
                    ? DjlGenerationEngine.open(model, weights.get(), options)
                    : DjlGenerationEngine.open(model.path(), PolicyVersion.BASE, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// An engine that has another server generate with the given weights, or with the folder's as the base version.
    RemoteEngine remote(RemoteSettings settings, Optional<WeightsSnapshot> weights) {
        try {
            return RemoteEngine.open(settings, model, DjlTokenizer.open(model.tokenizerFile()), weights);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public DjlTrainablePolicy trainable(TrainingOptions options) {
        try {
            return DjlTrainablePolicy.open(model.path(), options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
