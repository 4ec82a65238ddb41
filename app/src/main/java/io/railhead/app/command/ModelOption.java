package io.railhead.app.command;

import java.util.Map;
import picocli.CommandLine.Option;

/// `--model`, as every command with a model takes it.
final class ModelOption {
    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "`embedded` (default) or a folder in Hugging Face layout.")
    private String model = "";

    Map<String, Object> settings() {
        return model.isEmpty() ? Map.of() : Map.of("railhead.policy.model", model);
    }
}
